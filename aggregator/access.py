"""Who may do what: one table, read by the gate before every request, by menus and by tests.

A row is an action, who may do it, and the endpoints that do it. An endpoint that stands in no
row is closed to everybody.
"""

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal["staff", "administrator"]
Who = Literal["open", "staff", "administrator"]  # open: nobody needs to be logged in

ROLES: tuple[Role, ...] = get_args(Role)

TABLE: tuple[tuple[str, Who, tuple[str, ...]], ...] = (
    (
        "see the calendar",
        "open",
        (
            "static",
            "calendar.home",
            "calendar.listing",
            "calendar.week",
            "calendar.feed",
            "calendar.qr",
            "calendar.event",
            "calendar.one",
            "calendar.picture",
            "reporting.form",
            "reporting.send",
            "drawings.look",
            "drawings.icon",
        ),
    ),
    # the one-time token is the key to door.begin; leaving twice is no fault
    (
        "enter",
        "open",
        ("door.login", "door.enter", "door.logout", "door.begin", "door.begun"),
    ),
    (
        "see today",
        "staff",
        ("today.page", "today.answer", "today.ask_again", "today.settle", "today.reopen"),
    ),
    (
        "decide",
        "staff",
        (
            "inbox.listing",
            "inbox.event",
            "inbox.revision",
            "inbox.decide",
            "inbox.undo",
            "inbox.seen",
            "bulk.choose",
            "bulk.decide",
            "bulk.undo",
            "bulk.undo_last",
            "sifting.panel",
            "sifting.views",
            "sifting.keep",
            "sifting.change",
        ),
    ),
    (
        "edit",
        "staff",
        (
            "event.edit",
            "event.save",
            "event.theirs",
            "event.ours",
            "event.put_back",
            "event.history",
            "event.note",
            "event.forget",
        ),
    ),
    (
        "enter events",
        "staff",
        (
            "entering.start",
            "entering.form",
            "entering.read",
            "entering.save",
            "entering.amending",
            "entering.amend",
            "entering.cancel",
            "entering.reinstate",
            "entering.remove",
        ),
    ),
    ("share", "staff", ("sharing.preview", "sharing.count", "sharing.share", "sharing.posts")),
    (
        "write",
        "staff",
        ("writing.form", "writing.look", "writing.write", "writing.undo"),
    ),
    (
        "queue",
        "staff",
        (
            "posts.listing",
            "posts.several",
            "posts.post",
            "posts.act",
            "posts.move",
            "posts.reword",
            "posts.undo",
        ),
    ),
    ("by hand", "staff", ("by_hand.listing", "by_hand.act", "by_hand.undo", "by_hand.cover")),
    (
        "see the practice network",
        "staff",
        ("practice.timeline", "practice.post", "practice.image", "practice.look"),
    ),
    # stands for somebody else's server: its own token lets in, as with any network
    (
        "talk to the practice network",
        "open",
        (
            "practice.account",
            "practice.listing",
            "practice.publish",
            "practice.faults",
            "practice.fail",
            "practice.recover",
        ),
    ),
    ("see partners", "staff", ("partners.listing", "partners.page", "partners.progress")),
    (
        "partners",
        "administrator",
        (
            "partners.change",
            "partners.trust",
            "partners.archive",
            "partners.bring_back",
            "partners.poll",
            "partners.pause",
            "partners.resume",
            "partners.move",
            "partners.remove",
            "partners.put_back",
        ),
    ),
    (
        "add partners",
        "administrator",
        (
            "lookups.form",
            "lookups.look",
            "lookups.result",
            "lookups.progress",
            "lookups.add",
            "lookups.again",
        ),
    ),
    # a signed link that works once is the key
    ("be welcomed", "open", ("welcome.form", "welcome.choose")),
    (
        "settings",
        "staff",
        (
            "settings.page",
            "settings.add",
            "settings.change",
            "settings.remove",
            "settings.restore",
        ),
    ),
    # stands for the partners' own servers
    ("visit the sample town", "open", ("sample.page",)),
    (
        "the house",
        "administrator",
        (
            "sample.load",
            "sample.take_away",
            "settings.home",
            "settings.rename",
            "settings.add_place",
            "settings.change_place",
            "settings.remove_place",
            "people.listing",
            "people.add",
            "people.link",
            "people.role",
            "people.out",
            "people.back",
        ),
    ),
    (
        "channels",
        "administrator",
        (
            "channels.listing",
            "channels.form",
            "channels.add",
            "channels.channel",
            "channels.rhythm",
            "channels.test",
            "channels.turn",
            "channels.undo",
        ),
    ),
)

ENDPOINTS: Mapping[str, Who] = {
    endpoint: who for _, who, endpoints in TABLE for endpoint in endpoints
}
ACTIONS: Mapping[str, Who] = {action: who for action, who, _ in TABLE}


def may(role: str | None, endpoint: str) -> bool:
    """Whether somebody with this role (None: nobody logged in) may use the endpoint."""
    return _allows(ENDPOINTS.get(endpoint), role)


def can(role: str | None, action: str) -> bool:
    """Whether somebody with this role may do this action."""
    return _allows(ACTIONS.get(action), role)


def is_open(endpoint: str) -> bool:
    """Whether the endpoint asks nobody who they are."""
    return ENDPOINTS.get(endpoint) == "open"


def _allows(who: Who | None, role: str | None) -> bool:
    if who is None or who == "open":
        return who == "open"
    return role in {"administrator", who}
