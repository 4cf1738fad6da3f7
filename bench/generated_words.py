"""The words of generated documents: invented names, and scripts that break careless tools. All text is in form NFC."""

from __future__ import annotations

GIVEN_NAMES = (
    "Rosa", "Omar", "Zoë", "José", "Ingrid", "Siobhán", "Ķārlis", "Wa̱ri", "Anneke", "Tomás", "Lena", "Farid", "Noémi",
    "Đặng", "Piotr", "Sunniva", "Mirela", "Yusuf", "Ŋ̀ala", "Beatrix",
)  # fmt: skip
FAMILY_NAMES = (
    "Lind", "Haddad", "Brandt", "Peña", "Okonta", "Sørli", "O’Dea", "Ozoliņ", "D'Arven", "Kowalczyk", "Façade-Roy",
    "Hämel", "Straße", "Dvořan", "Mbe̱ki", "Ruiz", "Venter", "Ilvesjö", "Quarrie", "Ținc",
)  # fmt: skip
#: Of people whom no entity stands for.
SIBLINGS = ("Merrow", "Ålund", "Castañeda", "Hjörð")
CITIES = (
    "Tarnholm", "Velwick", "Osmora", "Kem", "Durstad", "Ålvik", "Øster Kem", "São Brenno", "Port Quarrel", "Łęgowo",
    "Saint-Ruel", "L’Ormeau", "Nieuw Dorn", "Çaybaş", "Reyðarfell",
)  # fmt: skip
STATES = ("Velmark", "Orland", "Tessaria", "Kembria", "Côte Noire")
#: Names in other scripts: Arabic, Hebrew, Han, Devanagari, Greek, Thai.
OTHER_SCRIPTS = {
    "person": ("ليلى منصور", "נועה ברק", "林海生", "अमिता राव", "Ελένη Μάρη", "มานี รักดี"),
    "city": ("بندر سلام", "חוף ים", "海门镇", "नदीपुर", "Αλμυρός"),
}
ORGANIZATIONS = (
    ("Harbour Watch", "organization"), ("Lantern Fund", "organization"), ("Blue Ferry Union", "organization"),
    ("Port Office", "government"), ("Northern Brigade", "military"), ("Ridge Front", "armed_group"),
    ("Tarn Courier", "media"), ("Green Assembly", "party"), ("Société du Lac", "organization"),
    ("Café Ångström", "organization"),
)  # fmt: skip
ROLES = ("mayor", "chairwoman", "head of research", "port director", "spokesman", "treasurer")
PEOPLE = ("people", "workers", "residents", "fishermen", "passengers", "nurses", "students", "families")
NOUNS = (
    "harbour", "bridge", "mill", "ferry", "archive", "market", "library", "orchard", "tower", "canal", "station",
    "garden", "school", "quarry", "theatre", "dam", "lighthouse", "workshop", "café", "façade", "chapel", "depot",
    "pier", "stable", "kiosk", "cistern", "granary", "tunnel", "terrace", "courtyard",
)  # fmt: skip
ADJECTIVES = (
    "old", "narrow", "quiet", "flooded", "grey", "empty", "crowded", "wooden", "northern", "steep", "dusty", "bright",
    "damp", "hollow", "rusty", "naïve", "windy", "pale", "broken", "gentle", "noisy", "shallow", "crooked", "tidy",
)  # fmt: skip
DEEDS = (
    "stayed closed", "opened late", "burned down", "was repaired", "changed hands", "fell silent", "drew crowds",
    "reopened at noon", "lost its roof", "was painted green", "stood in the rain", "kept its name",
)  # fmt: skip
CLAUSES = (
    "the water was rising", "nobody had the key", "the lamps went out", "the road was under snow", "the bell rang late",
    "a boat drifted past", "the wind had turned", "the bread was still warm", "the clock had stopped",
    "the last train was full", "children played in the yard", "the ice began to break", "rain fell on the tents",
    "the river kept its old bed", "the engine would not start", "the letter came back",
)  # fmt: skip
SAYINGS = (
    "We will stay here", "It was over in a minute", "Nobody asked us", "The door was open 🚪",
    "That’s not our choice", "I’d do it again", "Come back tomorrow", "نحن هنا", "אנחנו כאן", "我们在这里", "हम यहाँ हैं",
    "We saw 👩‍🚒 and 🇳🇴 there",
    "The workers' hall is ours", "It's No.\u00a07 again",
)  # fmt: skip
#: Sentences that hold what the rest of the page lacks: emoji, joiners, isolates, no-break spaces, marks, primes.
ASIDES = (
    "Somebody had written سلام and 平安 on the wall 🎨.",
    "The menu offered crème brûlée and «pain d’épices».",
    "A note in Persian read می‌رویم and nothing else.",
    "The board showed \u2067שלום\u2069 in white letters.",
    "See page\u00a04 of No.\u00a012, the clerk wrote – twice.",
    "He measured it again: 5'11\" to the beam.",
    "It was the ’90s all over again, with rock ’n’ roll.",
    "The choir sang ‘Ma̱ri’ and “Ó”, then 👩‍👩‍👧 left.",
    "Rain, wind … and then – at last — sun ☀️.",
    "The sign said E=mc² and ½ price, 1st floor.",
)
