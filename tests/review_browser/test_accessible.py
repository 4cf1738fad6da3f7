"""The page for keyboards, screen readers, large letters, dark rooms and still eyes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from review_browser.conftest import Review

DOCS = (Path(__file__).parents[2] / "docs" / "review.md").read_text(encoding="utf-8")

UNNAMED = """() => [...document.querySelectorAll('button, a[href], input, select, textarea, [role], progress')]
  .filter((one) => one.checkVisibility() && !['status', 'alert', 'presentation'].includes(one.getAttribute('role')))
  .filter((one) => {
    const ids = (one.getAttribute('aria-labelledby') ?? '').split(' ');
    const by = ids.map((id) => document.getElementById(id)?.textContent ?? '').join('');
    const label = one.labels?.length ? one.labels[0].textContent : '';
    return !(one.getAttribute('aria-label') || by || label || one.textContent.trim() || one.title);
  }).map((one) => one.outerHTML.slice(0, 120))"""

# What has the focus, and how that is shown.
FOCUSED = """(() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  if (one === document.body) return null;
  const name = one.id || one.dataset.field || one.dataset.layer || one.className || one.textContent.trim();
  return [name, parseFloat(style.outlineWidth), style.outlineStyle];
})()"""

# The table of keys as the help shows it, and the keys themselves.
KEYS = """async () => {
  const { KEYMAP } = await import('/static/keymap.js');
  const { keyName } = await import('/static/help.js');
  const rows = KEYMAP.flatMap(([, some]) => some);
  const code = (key) => `\\`${key}\\``;
  const shown = rows.map((row) => [(row.shown ? [row.shown] : row.keys.map(keyName)).map(code).join(' '), row.does]);
  return [shown, rows.flatMap(({keys}) => keys)];
}"""

MOVES = """(() => {
  const box = document.createElement('div');
  box.className = 'message';
  document.body.append(box);
  const name = getComputedStyle(box).animationName;
  box.remove();
  return name;
})()"""

MISSING = """[...document.querySelectorAll('[aria-controls], [aria-labelledby]')]
  .flatMap((one) => [one.getAttribute('aria-controls'), one.getAttribute('aria-labelledby')])
  .filter((id) => id && !document.getElementById(id))"""


def test_roles_and_names(review: Callable[..., Review]) -> None:
    page = review("accessible")
    page.press("q")
    page.until("document.querySelectorAll('#documents a').length > 10")
    for annotation in ("q1", "f1", "l1", "a1"):
        page.choose(annotation)
        assert page.page.evaluate(UNNAMED) == []
    for role, count in (("main", 1), ("navigation", 1), ("listbox", 1), ("tablist", 1), ("tab", 2), ("radiogroup", 1)):
        assert page.page.get_by_role(role).count() == count, role
    assert page.page.get_by_role("option", name="actors, person: Rosa Lind. suggested").count() == 1
    assert page.page.locator("#annotations").get_by_role("option", selected=True).get_attribute("data-id") == "a1"
    active = page.page.get_attribute("#annotations", "aria-activedescendant")
    assert page.page.get_attribute(f"#{active}", "data-id") == "a1"
    ids = page.page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    assert page.page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
    assert page.page.evaluate(MISSING) == []


def test_the_tab_key_goes_through_the_page_in_its_order(review: Callable[..., Review]) -> None:
    page = review("accessible")
    page.page.evaluate("document.activeElement.blur()")
    seen = []
    for _ in range(60):
        page.press("Tab")
        found = page.page.evaluate(FOCUSED)
        if found is None:
            break
        name, width, style = found
        assert width >= 2, found
        assert style == "solid", found
        seen.append(name)
    order = ["skip", "queue-button", "article", "actors", "kind=person", "tab-annotations", "words", "annotations"]
    places = [seen.index(name) for name in order]
    assert places == sorted(places), seen


def test_what_happens_is_said(review: Callable[..., Review]) -> None:
    page = review("accessible")
    page.choose("l1")
    page.spoken("locations city: Albi, suggested")
    page.press("w")
    page.spoken("Selections snap to words: off")
    assert page.page.get_attribute("#spoken", "aria-live") == "polite"
    assert page.page.get_attribute("#spoken", "role") == "status"


def test_everything_by_keyboard_from_the_help_to_the_next_article(review: Callable[..., Review]) -> None:
    page = review("keyboard")
    page.press("?")
    page.page.wait_for_selector("dialog.help")
    page.press("j")  # does nothing below a dialog
    page.press("Escape")
    page.until("document.querySelector('dialog') === null")
    while (current := page.current) is not None and page.on_disk(current)["provenance"]["status"] == "suggested":
        page.press("x" if current == "a3" else "a")
        page.saved()
    layers = page.served.document("keyboard")["layers"].values()
    assert {one["provenance"]["status"] for layer in layers for one in layer} == {"accepted", "rejected"}
    assert page.page.inner_text("#reviewed") == "9 of 9 reviewed"
    page.press("/")
    page.page.keyboard.type("albi")
    assert page.page.locator(".row:visible").count() == 1
    page.press("Escape", "k")  # it stands before the last one
    assert page.current == "l1"
    page.press("Escape")
    assert page.page.locator(".row:visible").count() == 8  # without the rejected one
    page.press("Escape")
    assert page.current is None


def test_single_keys_can_be_switched_off(review: Callable[..., Review]) -> None:
    page = review("accessible")
    page.press("?")
    page.page.uncheck("dialog.help input[type=checkbox]")
    page.press("Escape")
    page.choose("a1")
    page.press("j")
    assert page.current == "a1"
    page.press("?")
    page.page.check("dialog.help input[type=checkbox]")
    page.press("Escape", "j")
    assert page.current != "a1"


def test_the_keys_are_those_that_the_documentation_lists(review: Callable[..., Review]) -> None:
    page = review("accessible")
    shown, keys = page.page.evaluate(KEYS)
    listed = re.findall(r"^\| (`.+`) \| (.+) \|$", DOCS, re.MULTILINE)
    assert [list(row) for row in listed] == shown
    twice = {key for key in keys if keys.count(key) > 1}
    assert twice == {"1", "9"}  # digits set kinds, and mark what is selected


def test_dark_and_light(review: Callable[..., Review]) -> None:
    page = review("dark", color_scheme="dark")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.page.evaluate(ground) == "rgb(22, 25, 29)"
    page.press("d")
    assert page.page.evaluate(ground) == "rgb(251, 250, 247)"
    page.page.reload()
    page.ready()
    assert page.page.evaluate(ground) == "rgb(251, 250, 247)"


def test_at_twice_the_size_everything_is_still_there(review: Callable[..., Review]) -> None:
    for size in ({"width": 640, "height": 400}, {"width": 390, "height": 800}, {"width": 1700, "height": 900}):
        page = review("accessible", viewport=size)
        page.choose("q1")
        assert page.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), size
        for one in ("#article", "#inspector", "#annotations", "#saved", "#undo"):
            box = page.page.locator(one).bounding_box()
            assert box is not None, (one, size)
            assert box["width"] > 20, (one, size)
            assert box["height"] > 15, (one, size)
            assert box["x"] >= 0, (one, size)
            assert box["x"] + box["width"] <= size["width"] + 1, (one, size)


def test_nothing_moves_for_those_who_want_it_still(review: Callable[..., Review]) -> None:
    assert review("accessible", reduced_motion="reduce").page.evaluate(MOVES) == "none"
    assert review("accessible", reduced_motion="no-preference").page.evaluate(MOVES) == "rise"


def test_lines_that_overlap_have_lanes_of_their_own(review: Callable[..., Review]) -> None:
    page = review("accessible")
    lines = page.page.evaluate("""(() => {
      const segment = [...document.querySelectorAll('.s')].find((one) => one.textContent === '40');
      return [segment.style.backgroundImage, segment.style.backgroundPosition];
    })()""")
    assert "--layer-2" in lines[0]
    assert "--layer-3" in lines[0]
    heights = set(re.findall(r"calc\(100% - (\d+)px\)|100%", lines[1]))
    assert len(heights) == 2  # the figure's line and the quote's below it


def test_the_guidelines_are_linked_where_a_decision_is_made(review: Callable[..., Review]) -> None:
    page = review("accessible")
    wrong = page.page.evaluate("""async () => {
      const { layers } = await (await fetch('/api/corpus')).json();
      const html = await (await fetch('/guidelines')).text();
      const found = new DOMParser().parseFromString(html, 'text/html');
      const links = layers.flatMap((layer) => [layer.guideline, ...layer.attributes.map((one) => one.guideline)]);
      return links.filter((link) => !link || !found.getElementById(link.split('#')[1]));
    }""")
    assert wrong == []
    page.choose("q1")
    assert page.page.locator("#inspector a.rule").count() == 8  # quotes, and its seven attributes
    with page.page.context.expect_page() as opened:
        page.page.locator("#inspector a.rule").nth(1).click()
    guide = opened.value
    guide.wait_for_load_state()
    assert guide.url.endswith("/guidelines#quotes-kinds")
    assert "one quote" in guide.inner_text("main")
