"""What is true of every page of ours: checked whenever a test opens one."""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
HIDDEN = {"hidden", "submit", "button"}

#: Text that a person reads may hold none of these: real punctuation is meant.
CRUDE = ("'", "...", " - ", "\N{REPLACEMENT CHARACTER}")


def check_page(text: str, *, crude: tuple[str, ...] = CRUDE) -> Element:
    """The page as a tree. Raises AssertionError or html5lib's ParseError for a page unlike ours."""
    tree: Element = html5lib.HTMLParser(strict=True).parse(text)
    assert tree.get("lang"), "the page says no language"
    _check_heading(tree)
    _check_ids(tree)
    _check_forms(tree)
    _check_inline(tree)
    _check_pictures(tree)
    _check_words(tree, crude)
    return tree


def named(tree: Element, name: str) -> Iterator[Element]:
    """Every HTML element of that name."""
    return tree.iter(f"{NAMESPACE}{name}")


def words(element: Element) -> str:
    """Its text as a person reads it."""
    return " ".join("".join(element.itertext()).split())


def _check_heading(tree: Element) -> None:
    headings = [words(each) for each in named(tree, "h1")]
    assert len(headings) == 1, f"headings of the first rank: {headings}"
    [title] = named(tree, "title")
    assert words(title).startswith(headings[0]), f"{words(title)!r} begins unlike {headings[0]!r}"


def _check_ids(tree: Element) -> None:
    ids = Counter(each.get("id") for each in tree.iter() if each.get("id"))
    assert [each for each, n in ids.items() if n > 1] == []
    targets = [
        (each.get("href") or "")[1:]
        for each in named(tree, "a")
        if (each.get("href") or "").startswith("#")
    ]
    described = [
        each
        for element in tree.iter()
        for name in ("for", "aria-labelledby", "aria-describedby")
        for each in (element.get(name) or "").split()
    ]
    assert {*targets, *described} - {*ids} == set(), "something points at what is not there"


def _check_forms(tree: Element) -> None:
    labelled = {each.get("for") for each in named(tree, "label")}
    for form in named(tree, "form"):
        assert form.get("action", "").startswith("/"), "a form without an address of ours"
        fields = [each.get("name") for each in named(form, "input")]
        if form.get("method") == "post":
            assert fields.count("csrf_token") == 1, f"no token in the form {form.get('action')}"
        assert next(named(form, "button"), None) is not None, "a form without a button"
    for kind in ("input", "select", "textarea"):
        for field in named(tree, kind):
            known = field.get("id") in labelled or field.get("aria-label")
            assert field.get("type") in HIDDEN or known, f"no label: {field.attrib}"
    for button in (*named(tree, "button"), *named(tree, "a")):
        assert words(button) or button.get("aria-label"), f"no words: {button.attrib}"


def _check_inline(tree: Element) -> None:
    """The content policy forbids styles and scripts in the page; data blocks are neither."""
    assert [*named(tree, "style")] == []
    blocks = [each for each in named(tree, "script") if not each.get("src")]
    assert {each.get("type") for each in blocks} <= {"application/ld+json"}
    files = [src for each in named(tree, "script") if (src := each.get("src"))]
    assert [each for each in files if not each.startswith("/static/js/")] == []
    for element in tree.iter():
        inline = [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert inline == [], f"{element.tag} has {inline}"
    for kind, name in (("img", "src"), ("link", "href")):
        for each in named(tree, kind):
            assert (each.get(name) or "").startswith("/"), f"not ours: {each.attrib}"


def _check_pictures(tree: Element) -> None:
    assert [each.attrib for each in named(tree, "img") if each.get("alt") is None] == []


def _check_words(tree: Element, crude: tuple[str, ...]) -> None:
    skipped = {f"{NAMESPACE}script"}
    for element in tree.iter():
        if element.tag in skipped:
            continue
        for text in (element.text, element.tail):
            found = [sign for sign in crude if sign in (text or "")]
            assert found == [], f"{text!r} has {found}"
