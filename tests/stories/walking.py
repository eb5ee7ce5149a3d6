"""Somebody who follows every link and sends every form, as a browser without JavaScript would."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import html5lib
import lxml.html
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from werkzeug.test import TestResponse

from tests.aggregator.web.checking import NAMESPACE, check_page, named, words
from tests.stories.forms import Form, Kind, forms, shape
from tests.support.houses import Clock

#: Pages of one shape that are opened, and that are tried for one kind of form.
ALIKE = 2

#: Not sent: they end the walk, or ask for a password that was not typed.
LEFT = ("/logout", "/login")


_PLAIN = lxml.html.HTMLParser(remove_comments=True)

#: Verbs of forms that put a channel or a view out of use.
AWAY = frozenset({"archive", "off", "remove"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A page that was opened, with its forms as they stand there."""

    address: str
    links: tuple[str, ...]
    forms: tuple[Form, ...]


@dataclass
class Walk:
    """What a walk found. `faults` says what was wrong and where; empty is well."""

    client: FlaskClient
    clock: Clock
    work: Callable[[], None]  # what the workers do meanwhile
    typed: Mapping[str, str]  # what they have at hand, by the name of a field
    opened: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[Kind, list[str]] = field(default_factory=dict)  # forms, and pages that have one
    sent: set[Kind] = field(default_factory=set)
    back: bool = False  # whether what takes something away, or back, is sent on this round
    actions: set[str] = field(default_factory=set)  # where something was sent
    checked: Counter[tuple[object, ...]] = field(default_factory=Counter)
    refused: dict[Kind, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def go(self, *starts: str, back: bool) -> "Walk":
        """A round: follow links from there; then send forms, and follow what they lead to.

        `back`: also what takes something away, or back.
        """
        self.opened, self.seen, self.sent = {}, {}, set()
        self.back = back
        waiting = deque(starts)
        while True:
            while waiting:
                waiting += self._follow(waiting.popleft())
            left = [kind for kind in self.seen if kind not in self.sent and self.seen[kind]]
            if not left:
                return self
            waiting += self._chain(min(left, key=takes_away))

    def _follow(self, address: str) -> tuple[str, ...]:
        """Open a link, unless enough of its kind were opened; where it leads on."""
        known = self.opened.setdefault(shape(address), [])
        if address in known or len(known) >= ALIKE:
            return ()
        known.append(address)
        shown = self._look(address, self.client.get(address))
        return shown.links if shown else ()

    def _chain(self, kind: Kind) -> Iterator[str]:
        """Send a form, then one of the page that it led to, as long as there is a new one there."""
        address = self.seen[kind].pop()
        shown = self._look(address, self.client.get(address))
        form = next((each for each in shown.forms if each.kind == kind), None) if shown else None
        while form is not None:
            self.sent.add(form.kind)
            shown = self._send(form)
            if shown is None:
                return
            yield from shown.links
            new = [each for each in shown.forms if each.kind not in self.sent]
            form = next((each for each in new if not takes_away(each.kind)), None)

    def _look(self, address: str, answer: TestResponse, sender: str = "") -> Shown | None:
        """What an answer shows; its redirections are followed.

        What answers a form in its place is taken for the page that sent it: only that has an
        address to come back to.
        """
        while answer.status_code in {302, 303, 308}:
            self.work()
            address, sender = urljoin(address, answer.headers["Location"]), ""
            answer = self.client.get(address)
        address = sender or address
        if answer.status_code not in {200, 422}:
            self.faults.append(f"{address}: {answer.status}")
            return None
        if answer.mimetype != "text/html":
            return None
        try:
            page = self._read(address, answer)
        except (AssertionError, ValueError, LookupError, ParseError) as error:
            self.faults.append(f"{address}: {error}")
            return None
        found = tuple(
            each
            for each in forms(address, page)
            if each.action not in LEFT and (self.back or not is_held(each.kind))
        )
        for form in found:
            pages = self.seen.setdefault(form.kind, [])
            if form.kind not in self.sent and address not in pages and len(pages) < ALIKE:
                pages.append(address)
        links = [
            urljoin(address, href).partition("#")[0]
            for each in named(page, "a")
            if (href := each.get("href") or "").startswith(("/", "?")) and href[:2] != "//"
        ]
        return Shown(address, tuple(dict.fromkeys(links)), found)

    def _read(self, address: str, answer: TestResponse) -> Element:
        """The page as a tree; of those that are alike the first are checked, which takes long."""
        says = 'class="toast"' in answer.text, 'role="alert"' in answer.text
        alike = (shape(address), answer.status_code, *says)
        self.checked[alike] += 1
        if self.checked[alike] <= ALIKE:
            return check_page(answer.text)
        page: Element = lxml.html.document_fromstring(answer.text, parser=_PLAIN)
        for each in page.iter():
            each.tag = f"{NAMESPACE}{each.tag}"
        return page

    def _send(self, form: Form) -> Shown | None:
        """Send it; it has to be taken or refused in words."""
        data = form.filled(self.clock(), self.typed)
        self.clock.forward(seconds=5)
        if form.method == "get":
            query = [(name, value) for name, value in data if isinstance(value, str)]
            return self._look(form.action, self.client.get(form.action, query_string=query))
        many: dict[str, list[object]] = {}
        for name, value in data:
            many.setdefault(name, []).append(value)
        answer = self.client.post(form.action, data=many)
        self.actions.add(form.action)
        told = f"{form.page}: “{form.words}” → {form.action}: {answer.status}"
        if answer.status_code >= 400:
            self.refused[form.kind] = said(answer)
        if answer.status_code >= 400 and answer.status_code != 422:
            self.faults.append(f"{told}: {said(answer)}")
            return None
        if answer.status_code == 422 and not said(answer):
            self.faults.append(f"{told}: refused without a word")
        return self._look(form.action, answer, sender=form.page)


def takes_away(kind: Kind) -> bool:
    """Whether what it takes away would be missed: sent when there is nothing else."""
    return kind[1].endswith(("/archive", "/away", "/out", "/remove")) or kind[3] in AWAY


def is_held(kind: Kind) -> bool:
    """Whether it waits for the second round: the first has to leave something behind."""
    return takes_away(kind) or kind[1].endswith("/undo") or "/undo/" in kind[1]


def said(answer: TestResponse) -> str:
    """What a page says about what was sent, shortly."""
    page = html5lib.parse(answer.text)
    found = [
        words(each)
        for each in page.iter()
        if each.get("role") == "alert" or each.get("class") == "field-error"
    ]
    return " ".join(filter(None, found))[:200]
