"""An article that is full of programs: none runs, and its words can be read and marked."""

from __future__ import annotations

from collections.abc import Callable

from review_browser.articles import ATTACKS, HOSTILE
from review_browser.conftest import Review

WATCH = """
window.ran = null;
window.broken = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.broken.push(event.violatedDirective + ' ' + event.blockedURI));
"""


def test_nothing_of_an_article_runs(review: Callable[..., Review]) -> None:
    page = review("readable")
    page.page.add_init_script(WATCH)
    page.document = "hostile"
    page.page.goto("about:blank")
    page.open()
    words = page.page.evaluate("[...document.querySelectorAll('#text .words')].map((one) => one.textContent)")
    assert "\n".join(words) + "\n" == HOSTILE
    page.press("q")
    page.page.fill("#queue-words", "hostile")
    page.until("document.querySelectorAll('#documents a').length === 2")
    assert ATTACKS[1] in page.page.inner_text("#documents")
    for annotation in ("a1", "a2", "q1"):
        page.choose(annotation)
    page.choose("a1")
    page.page.locator("#article").focus()
    page.press("y", "i")
    page.page.wait_for_selector("dialog .choice")
    page.press("Escape", "I")
    page.page.wait_for_selector("dialog form")
    page.press("Escape", "g")
    page.page.wait_for_selector("dialog .map svg")
    page.press("Escape", "?")
    page.page.wait_for_selector("dialog.help")
    page.press("Escape")
    page.page.click("#tab-findings")
    for code in page.page.query_selector_all("#findings .code")[:2]:
        code.click()
        page.page.wait_for_selector("dialog .explained")
        page.press("Escape")
    page.page.click("#tab-annotations")
    page.drag(ATTACKS[3])
    page.press("2")
    page.saved()
    assert page.page.evaluate("window.ran") is None
    assert page.page.evaluate("window.broken") == []
    assert page.page.locator("#text script, img, iframe, object, embed").count() == 0
    assert page.page.evaluate("[...document.links].filter((one) => !/^https?:/.test(one.protocol)).length") == 0
    assert ATTACKS[3] in page.texts("locations")


def test_a_broken_document_runs_nothing_and_says_why_it_is_read_only(review: Callable[..., Review]) -> None:
    page = review("readable")
    page.page.add_init_script(WATCH)
    page.document = "hostile-broken"
    page.page.goto("about:blank")
    page.open()
    assert page.page.get_attribute("#saved", "data-state") == "readonly"
    assert "Read only: " in page.page.inner_text("#why")
    page.page.click("#tab-findings")
    assert page.page.locator("#findings .error").count() > 0
    assert page.page.evaluate("[window.ran, window.broken]") == [None, []]


def test_the_page_has_no_script_and_no_style_of_its_own(review: Callable[..., Review]) -> None:
    page = review("readable")
    policy = page.page.evaluate("fetch('/').then((answer) => answer.headers.get('Content-Security-Policy'))")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    page.page.wait_for_timeout(50)
    assert page.page.evaluate("window.ran") is None  # should a mistake be made one day, the policy still holds
    page.expected = ("violates the following Content Security Policy", "Content Security Policy", "status of 4")
