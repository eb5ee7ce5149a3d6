"""The JSON-LD blocks of a web page, mended where that is safe, and the nodes within them."""

import html
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.filter import SoupStrainer

from feeds.event import Problem
from feeds.text import clean_url

# Pages that begin as XML are read as what they are: HTML with a mistake, or XHTML.
warnings.filterwarnings("ignore", category=XMLParsedAsHTMLWarning)

Node = Mapping[str, Any]

#: Strings are matched whole, so that nothing inside one is taken for a mark; each alternative
#: runs on to the end where its own end is missing, so that mending takes linear time.
_STRING = r'("(?:[^"\\]|\\.)*+"?)'
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*+(?:-->|$)")
_MARK = re.compile(
    _STRING + r"|<!--|-->|<!\[CDATA\[|\]\]>|/\*(?:[^*]|\*(?!/))*+(?:\*/|$)|//[^\n]*", re.DOTALL
)
_COMMA = re.compile(_STRING + r"|,(?=\s*[}\]])", re.DOTALL)
#: Where events hang below a node that is none itself.
_BRANCHES = ("@graph", "itemListElement", "item", "mainEntity", "event", "events")
#: How deep nodes are searched; real pages have four levels.
_DEPTH = 12


@dataclass(slots=True)
class Blocks:
    """What the blocks of one page hold.

    `roots` are the outermost values; `by_id` finds a node that another one names by its @id.
    """

    base: str | None = None
    roots: list[Any] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def resolve(self, value: Any) -> Any:
        """The node that value names by its @id alone, else value itself."""
        if isinstance(value, dict) and set(value) <= {"@id", "@type"} and "@id" in value:
            return self.by_id.get(str(value["@id"]), value)
        return value


def blocks(text: str, base: str | None) -> Blocks:
    """Every block of application/ld+json in a page; a bad one costs itself and is named."""
    only = SoupStrainer(["script", "base"])
    soup = BeautifulSoup(text, "lxml", parse_only=only)
    anchor = soup.find("base", href=True)
    found = Blocks(clean_url(str(anchor["href"]), base) or base if anchor else base)
    scripts = (
        script
        for script in soup.find_all("script")
        if str(script.get("type", "")).partition(";")[0].strip().lower() == "application/ld+json"
    )
    for number, script in enumerate(scripts, start=1):
        try:
            root = _loads(script.get_text())
        except (ValueError, RecursionError) as error:
            said = str(error).partition(":")[0]
            found.problems.append(Problem("page.block_unread", f"block {number}", {"why": said}))
            continue
        found.roots.append(root)
        for node in _all_nodes(root):
            if "@type" in node and isinstance(name := node.get("@id"), str):
                found.by_id.setdefault(name, node)
    return found


def top_nodes(value: Any, depth: int = 0) -> Iterator[Node]:
    """The nodes that a page presents: outermost ones, and those in its graphs and lists."""
    if isinstance(value, list):
        for item in value:
            yield from top_nodes(item, depth)
    elif isinstance(value, dict) and depth < _DEPTH:
        yield value
        # Somebody's action on an event (JoinAction …) is not the event being announced here.
        if not any(name.endswith("Action") for name in types(value)):
            for branch in _BRANCHES:
                yield from top_nodes(value.get(branch), depth + 1)


def types(node: Node) -> list[str]:
    """The node's types without the vocabulary's address."""
    told = node.get("@type")
    names = told if isinstance(told, list) else [told]
    return [re.split(r"[/:#]", name)[-1] for name in names if isinstance(name, str)]


def _loads(text: str) -> Any:
    """text as JSON: as it stands, else mended. Raises ValueError, RecursionError."""
    text = text.strip().rstrip(";")
    try:
        return json.loads(text, strict=False)  # control characters within strings are let through
    except ValueError:
        if '"' not in text and "&quot;" in text:
            text = html.unescape(text)
        bare = _COMMENT.sub("", text).strip() or text  # else all of it stands in a comment
        for mistake in (_MARK, _COMMA):
            bare = mistake.sub(lambda found: found[1] or "", bare)
        return json.loads(bare.strip().rstrip(";"), strict=False)


def _all_nodes(value: Any) -> Iterator[Node]:
    """Every node, however deep, without recursion."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            stack += item.values()
        elif isinstance(item, list):
            stack += item
