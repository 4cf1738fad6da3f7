"""Quantities as news writes them, and what they are: for mutants of the FIG checks."""

from __future__ import annotations

#: A number as it is written, and its value.
NUMBERS = (
    ("40", 40), ("1,200", 1200), ("two dozen", 24), ("twenty-one", 21), ("a dozen", 12), ("3.2 million", 3200000),
    ("half a million", 500000), ("one hundred", 100), ("1\u00a0200", 1200), ("7 thousand", 7000), ("forty", 40),
    ("two hundred and six", 206), ("17", 17), ("1.2 billion", 1200000000), ("eight", 8), ("300,000", 300000),
    ("12 lakh", 1200000),
)  # fmt: skip
RANGES = (
    ("between 30 and 40", 30, 40), ("30 to 40", 30, 40), ("30-40", 30, 40), ("from 3 to 5 million", 3000000, 5000000),
    ("between twelve and twenty", 12, 20), ("1,200–1,400", 1200, 1400), ("five to seven", 5, 7),
)  # fmt: skip
INDEFINITE = ("dozens", 24), ("scores", 40), ("hundreds", 200), ("tens of thousands", 20000), ("thousands", 2000)
#: Amounts with a unit: words, value, unit, measure.
AMOUNTS = (
    ("€40", 40, "EUR", "money"), ("$3.2bn", 3200000000, "USD", "money"), ("£1.5m", 1500000, "GBP", "money"),
    ("US$ 40 million", 40000000, "USD", "money"), ("12 euros", 12, "EUR", "money"), ("R$30", 30, "BRL", "money"),
    ("1.2 trillion yen", 1200000000000, "JPY", "money"), ("12%", 12, "percent", "share"),
    ("1.9 percent", 1.9, "percent", "share"), ("two per cent", 2, "percent", "share"), ("5 km", 5, "km", "distance"),
    ("20 miles", 20, "[mi_i]", "distance"), ("12 tonnes", 12, "t", "mass"), ("3 hectares", 3, "ha", "area"),
    ("3°C", 3, "Cel", "temperature"), ("90 minutes", 90, "min", "duration"), ("100 km/h", 100, "km/h", "speed"),
    ("5\u00a0kg", 5, "kg", "mass"), ("two-thirds", 0.666667, "1", "share"),
)  # fmt: skip
