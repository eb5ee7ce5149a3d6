"""Every picture of docs/screens: what it shows, and how to get there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.support.screens import steps
from tests.support.screens.steps import Step

#: new: nothing was set up; begun: set up a minute ago; calm: nothing waits; town: the sample town;
#: broken: a table is missing.
State = Literal["new", "begun", "calm", "town", "broken"]
Look = Literal["", "-phone", "-dark"]

PLAIN: tuple[Look, ...] = ("",)
MAIN: tuple[Look, ...] = ("", "-phone", "-dark")
PHONE: tuple[Look, ...] = ("", "-phone")

#: Staff pages that are no page of their own, or need no picture, and why.
NO_PICTURE: Mapping[str, str] = {
    "static": "files",
    "drawings.look": "a style sheet",
    "drawings.icon": "an icon, seen wherever its network is",
    "calendar.home": "leads on to the calendar or the inbox",
    "calendar.feed": "a calendar file",
    "calendar.one": "a calendar file",
    "calendar.qr": "a code that the Subscribe panel shows",
    "calendar.picture": "a picture that events show",
    "inbox.revision": "a number that the inbox asks for",
    "sharing.posts": "a part of the event page",
    "partners.progress": "a part of a partner’s page",
    "lookups.progress": "a part of the page of a look-up",
    "by_hand.cover": "a picture that a task shows",
    "sample.page": "stands for the partners’ own pages",
    "practice.look": "a style sheet",
    "practice.image": "a picture that a practice post shows",
    "practice.account": "for programs",
    "practice.listing": "for programs",
    "practice.faults": "for programs",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """One page in one state. `path` may name what the furnished house holds: {new}."""

    name: str
    endpoint: str
    says: str
    path: str
    step: Step | None = None
    state: State = "town"
    who: str | None = "Ana"
    looks: tuple[Look, ...] = PLAIN
    whole: bool = False  # the whole page, not what stands in the window


def _public(
    name: str,
    endpoint: str,
    says: str,
    path: str,
    step: Step | None = None,
    state: State = "town",
    looks: tuple[Look, ...] = PLAIN,
) -> Screen:
    return Screen(name, f"calendar.{endpoint}", says, path, step, state, None, looks)


DOOR = (
    Screen(
        "begin",
        "door.begin",
        "The first page of a new library",
        "/begin/{begin}",
        state="new",
        who=None,
        looks=MAIN,
    ),
    Screen(
        "begin-faults",
        "door.begin",
        "Two things to mend",
        "/begin/{begin}",
        steps.send_unfit,
        state="new",
        who=None,
    ),
    Screen(
        "begin-used", "door.begin", "The link was used", "/begin/nothing", state="begun", who=None
    ),
    Screen("login", "door.login", "The door", "/login", who=None, looks=MAIN),
    Screen(
        "login-wrong", "door.login", "The wrong password", "/login", steps.log_in_wrong, who=None
    ),
    Screen(
        "welcome",
        "welcome.form",
        "Somebody who was invited chooses a password",
        "/welcome/{welcome}",
        who=None,
    ),
    Screen("welcome-old", "welcome.form", "The link has ended", "/welcome/old", who=None),
)
FIRST = (
    Screen("today-begun", "today.page", "The first day", "/today", state="begun"),
    Screen(
        "inbox-empty",
        "inbox.listing",
        "Nothing has come in yet",
        "/inbox",
        state="begun",
        looks=PHONE,
    ),
    Screen("queue-empty", "posts.listing", "No channel yet", "/queue", state="begun"),
    Screen("by-hand-empty", "by_hand.listing", "Nothing to put up", "/by-hand", state="begun"),
    Screen("channels-empty", "channels.listing", "No channel yet", "/channels", state="begun"),
    Screen("partners-empty", "partners.listing", "No partner yet", "/partners", state="begun"),
    Screen("write-empty", "writing.form", "No channel to write for", "/write", state="begun"),
    _public("calendar-empty", "listing", "Nothing is on yet", "/calendar", state="begun"),
    Screen(
        "add",
        "lookups.form",
        "Whose events shall we read?",
        "/partners/add",
        state="begun",
        looks=MAIN,
    ),
    Screen("add-fault", "lookups.form", "No address in it", "/partners/add", steps.paste_words),
    Screen("practice-empty", "practice.timeline", "Nothing was posted", "/practice/", state="calm"),
    Screen("today-done", "today.page", "Done for today", "/today", state="calm", looks=MAIN),
)
LOOKUPS = (
    Screen(
        "look-busy", "lookups.result", "A pasted address while we read it", "/partners/look/{busy}"
    ),
    Screen(
        "look",
        "lookups.result",
        "What a pasted address gives, before anything is saved",
        "/partners/look/{feed}",
        looks=MAIN,
    ),
    Screen("look-nothing", "lookups.result", "Nothing to read there", "/partners/look/{nothing}"),
    Screen(
        "links-busy",
        "lookups.result",
        "A list of addresses while we read them",
        "/partners/look/{links-busy}",
    ),
    Screen(
        "links",
        "lookups.result",
        "A list of addresses, read",
        "/partners/look/{links}",
        looks=PHONE,
    ),
)
DAILY = (
    Screen(
        "today",
        "today.page",
        "What needs somebody, in order; the week as posted",
        "/today",
        looks=MAIN,
    ),
    Screen(
        "inbox",
        "inbox.listing",
        "The inbox, and the event that is chosen",
        "/inbox",
        steps.to_list,
        looks=MAIN,
    ),
    Screen("inbox-keys", "inbox.listing", "All keys", "/inbox", steps.press_question),
    Screen(
        "inbox-changed", "inbox.listing", "What changed, before and after", "/inbox?view=changed"
    ),
    Screen(
        "inbox-calendar", "inbox.listing", "What stands on the calendar", "/inbox?view=calendar"
    ),
    Screen("inbox-series", "inbox.event", "A series as one card", "/inbox/{series}"),
    Screen(
        "inbox-held", "inbox.event", "A post is held: the event changed meanwhile", "/inbox/{held}"
    ),
    Screen("inbox-search", "inbox.listing", "Search as one types", "/inbox", steps.search),
    Screen("inbox-nothing", "inbox.listing", "Nothing found", "/inbox?view=all&q=zeppelin"),
    Screen("inbox-filters", "inbox.listing", "Filters, open", "/inbox", steps.open_filters),
    Screen("inbox-ticked", "inbox.listing", "Several are ticked", "/inbox", steps.tick_two),
    Screen("inbox-decided", "inbox.listing", "Decided, with undo", "/inbox", steps.list_it),
    Screen(
        "inbox-conflict", "inbox.event", "A colleague was faster", "/inbox", steps.decide_second
    ),
    Screen("filter", "sifting.panel", "Filters as a page of their own", "/inbox/filter"),
    Screen("views", "sifting.views", "Views that were saved", "/inbox/views", steps.save_view),
    Screen(
        "bulk",
        "bulk.choose",
        "One decision for all that are alike",
        "/inbox/bulk?like={alike}",
        looks=PHONE,
    ),
    Screen("event", "inbox.event", "One event as a page", "/inbox/{new}", looks=("-phone",)),
    Screen(
        "event-edit", "event.edit", "Facts edited part by part", "/inbox/{new}/edit", looks=PHONE
    ),
    Screen(
        "event-history", "event.history", "What happened to an event", "/inbox/{shared}/history"
    ),
    Screen(
        "share", "sharing.preview", "The posts that Share sends", "/inbox/{new}/share", looks=MAIN
    ),
    Screen(
        "share-edited",
        "sharing.preview",
        "Edited where it is drawn",
        "/inbox/{new}/share",
        steps.edit_words,
    ),
    Screen("share-long", "sharing.preview", "Too long", "/inbox/{new}/share", steps.write_long),
    Screen("write", "writing.form", "A post without an event", "/write?start=service", looks=MAIN),
    Screen("new", "entering.start", "A new event, from a letter or a form", "/new"),
    Screen(
        "new-read",
        "entering.read",
        "A letter, read: its words marked, one question",
        "/new",
        steps.read_letter,
        looks=PHONE,
    ),
    Screen("ours", "entering.amending", "An event of the library’s own, changed", "/ours/{ours}"),
    Screen("new-form", "entering.form", "The form", "/new/form"),
    Screen("new-fault", "entering.form", "Something is missing", "/new/form", steps.save_nothing),
)
OUT = (
    Screen(
        "queue", "posts.listing", "This week and next as lanes, then a list", "/queue", looks=MAIN
    ),
    Screen("queue-post", "posts.post", "One post", "/queue", steps.open_post),
    Screen("by-hand", "by_hand.listing", "What somebody puts up, laid out", "/by-hand", looks=MAIN),
    Screen(
        "by-hand-correction",
        "by_hand.listing",
        "A correction, with old and new words",
        "/by-hand",
        steps.to_correction,
    ),
    Screen(
        "by-hand-event",
        "by_hand.listing",
        "The sheet for a Facebook event",
        "/by-hand",
        steps.to_sheet,
    ),
    Screen("channels", "channels.listing", "Channels", "/channels"),
    Screen(
        "channel", "channels.channel", "One channel: its times and quiet", "/channels/{channel}"
    ),
    Screen("channel-mastodon", "channels.form", "Connecting an account", "/channels/add/mastodon"),
    Screen(
        "channel-by-hand", "channels.form", "A place where a person posts", "/channels/add/by_hand"
    ),
    Screen(
        "channel-fault",
        "channels.form",
        "The server could not be reached",
        "/channels/add/mastodon",
        steps.connect_nowhere,
    ),
    Screen("practice", "practice.timeline", "The practice network", "/practice/"),
    Screen("practice-post", "practice.post", "A practice post", "/practice/", steps.open_practice),
)
HOUSE = (
    Screen(
        "partners", "partners.listing", "Partners and their feeds in words", "/partners", looks=MAIN
    ),
    Screen("partner", "partners.page", "One partner", "/partners/{Millbrook Museum}", looks=MAIN),
    Screen(
        "partner-failing",
        "partners.page",
        "A feed that can’t be read, and what to write",
        "/partners/{Millbrook Farmers’ Market}",
    ),
    Screen(
        "settings",
        "settings.page",
        "Groups, hashtags, purposes, buildings",
        "/settings",
        looks=PHONE,
    ),
    Screen("library", "settings.home", "The library itself", "/settings/library"),
    Screen("people", "people.listing", "Who may come in", "/people"),
)
PUBLIC = (
    _public("calendar", "listing", "The public calendar", "/calendar", looks=MAIN),
    _public(
        "calendar-free", "listing", "What is free this week", "/calendar?when=week&access=free"
    ),
    _public("calendar-nothing", "listing", "Nothing fits", "/calendar?q=zeppelin"),
    _public(
        "calendar-filters", "listing", "More filters, open", "/calendar", steps.open_public_filters
    ),
    _public("subscribe", "listing", "Subscribe", "/calendar", steps.open_subscribe, looks=PHONE),
    _public(
        "subscribe-unreached",
        "listing",
        "Residents can’t reach it yet",
        "/calendar",
        steps.open_subscribe,
        "calm",
    ),
    _public("public-event", "event", "One event", "/event/{listed}", looks=MAIN),
    _public("public-cancelled", "event", "Cancelled", "/event/{cancelled}"),
    _public("public-moved", "event", "Moved", "/event/{moved}"),
    _public("public-past", "event", "Over", "/event/{over}", state="calm"),
    Screen("report", "reporting.form", "Something wrong?", "/event/{listed}/wrong", who=None),
    Screen("report-sent", "reporting.form", "Thank you", "/event/{listed}/wrong?sent=1", who=None),
    Screen(
        "week",
        "calendar.week",
        "The week on one page",
        "/calendar/week",
        steps.as_printed,
        who=None,
        whole=True,
    ),
)
FAULTS = (
    Screen("fault-404", "", "There is nothing here", "/nothing", who=None),
    Screen("fault-403", "", "Not for this account", "/people", who="Tom"),
    Screen("fault-400", "", "A page that was open for too long", "/write", steps.send_late),
    Screen("fault-429", "", "Too many tries", "/login", steps.log_in_often, who=None),
    Screen("fault-500", "", "Something broke", "/calendar", state="broken", who=None),
)

#: In the order in which they are taken: what is decided on one page is seen on later ones.
PARTS: Mapping[str, tuple[Screen, ...]] = {
    "The door": DOOR,
    "The first minutes": FIRST,
    "Partners’ addresses": LOOKUPS,
    "Every day": DAILY,
    "What goes out": OUT,
    "The house": HOUSE,
    "What residents see": PUBLIC,
    "When something is wrong": FAULTS,
}
SCREENS = tuple(each for part in PARTS.values() for each in part)
