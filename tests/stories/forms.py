"""The forms of a page, and what a person sends with them who fills in what is asked for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qsl, urljoin, urlsplit
from xml.etree.ElementTree import Element

from PIL import Image

from tests.aggregator.web.checking import named, words

#: What tells one form from others: its page, where it leads, its button, its verb.
Kind = tuple[str, str, str, str]

#: What stands in words of ours for somebody to fill in.
_GAP = re.compile(r"\[[^\]]*\]")

#: What an address may hold of a list and its place in it: the same page either way.
NARROWED = frozenset(
    {
        *("q", "view", "from", "to", "before", "by", "after", "partner", "when", "on"),
        *("tag", "audience", "access", "place", "state"),
    }
)

_ID = re.compile(r"(?<=/)([0-9A-HJKMNP-TV-Z]{26}|\d+|[0-9a-f]{64})(?=/|\.|$)")


def shape(address: str) -> str:
    """An address without what names one thing: "/inbox/*?view"."""
    parts = urlsplit(address)
    asked = ",".join(sorted({key for key, _ in parse_qsl(parts.query)} - NARROWED))
    return _ID.sub("*", parts.path) + (f"?{asked}" if asked else "")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to send one form of one page: by this button."""

    page: str
    action: str
    method: str
    button: tuple[str, str] | None
    words: str  # what stands on the button
    element: Element = field(compare=False, hash=False, repr=False)
    outside: tuple[Element, ...] = field(compare=False, hash=False, repr=False)

    @property
    def kind(self) -> Kind:
        """What tells it from others, ids left out."""
        name, value = self.button or ("", "")
        first = value.partition(" ")[0]
        button = f"{name}={first}" if first.isalpha() else name
        told = (value for name, value in self._fixed() if name in {"verb", "act", "starter"})
        return (shape(self.page).partition("?")[0], shape(self.action), button, next(told, ""))

    def _fixed(self) -> Iterator[tuple[str, str]]:
        for each in named(self.element, "input"):
            if each.get("type") == "hidden":
                yield each.get("name", ""), each.get("value", "")

    def filled(self, now: datetime, typed: Mapping[str, str]) -> list[tuple[str, object]]:
        """What a person would send who changes nothing and fills in what is asked for.

        `typed` is what they have at hand, by the name of a field.
        """
        fields = [*_fields(self.element), *self.outside]
        chosen = {each.get("name") for each in fields if each.get("checked") is not None}
        found: list[tuple[str, object]] = []
        for each in fields:
            name, kind = each.get("name", ""), each.get("type", "text")
            if not name or each.get("disabled") is not None:
                continue
            if kind in {"checkbox", "radio"}:
                if each.get("checked") is not None or (kind == "radio" and name not in chosen):
                    chosen.add(name)
                    found.append((name, each.get("value", "on")))
            elif kind == "file":
                found += self._picture(each)
            else:
                found.append((name, self._typed(each, now, typed)))
        return [*found, *([self.button] if self.button else [])]

    def _picture(self, each: Element) -> list[tuple[str, object]]:
        """One that is sent, unless one was sent before."""
        known = any(name in {"image", "picture"} and value for name, value in self._fixed())
        if known or "image" not in each.get("accept", ""):
            return []
        return [(each.get("name", ""), (BytesIO(_png()), "picture.png"))]

    def _typed(self, each: Element, now: datetime, typed: Mapping[str, str]) -> str:
        if each.tag.endswith("select"):
            return _selected(each, narrow=self.method == "get")
        before = (
            _GAP.sub("snow", words(each)) if each.tag.endswith("textarea") else each.get("value")
        )
        if before or each.get("name") in typed:
            return before or typed[each.get("name", "")]
        if each.tag.endswith("textarea"):
            return "Some words"
        return _asked(each, now) if each.get("required") is not None else ""


def _asked(each: Element, now: datetime) -> str:
    """Something of the kind that a field asks for."""
    kind = "url" if each.get("inputmode") == "url" else each.get("type", "text")
    return {
        "url": "https://museum.example/events",
        "email": "events@museum.example",
        "date": (now + timedelta(days=3)).date().isoformat(),
        "time": "18:00",
        "number": "5",
        "password": "three quiet words",
    }.get(kind, "Something")


def forms(address: str, page: Element) -> Iterator[Form]:
    """Every form of a page by every one of its buttons."""
    everything = [*page.iter()]
    for form in named(page, "form"):
        mark = form.get("id")
        beside = [each for each in everything if mark and each.get("form") == mark]
        outside = tuple(each for each in beside if _is_field(each))
        inside = [*named(form, "button"), *(each for each in beside if _is_button(each))]
        buttons = [each for each in inside if each.get("type", "submit") == "submit"]
        for button in buttons or [form]:
            name, value = button.get("name"), button.get("value", "")
            yield Form(
                address,
                urljoin(address, button.get("formaction") or form.get("action") or ""),
                (form.get("method") or "get").lower(),
                (name, value) if name and button is not form else None,
                words(button)[:60] if button is not form else "",
                form,
                outside,
            )


def _is_field(each: Element) -> bool:
    return str(each.tag).endswith(("}input", "}select", "}textarea"))


def _is_button(each: Element) -> bool:
    return str(each.tag).endswith("}button")


def _fields(form: Element) -> Iterator[Element]:
    return (each for each in form.iter() if _is_field(each) and not each.get("form"))


def _selected(select: Element, *, narrow: bool) -> str:
    """The option that is chosen; in a filter, the first that narrows."""
    options = [*named(select, "option")]
    chosen = [each for each in options if each.get("selected") is not None]
    if narrow:
        chosen = [each for each in options if each.get("value")]
    first = next(iter([*chosen, *options]), None)
    return "" if first is None else first.get("value", words(first))


def _png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#1d6a76").save(out, "PNG")
    return out.getvalue()
