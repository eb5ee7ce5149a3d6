"""Channels: where posts go and when. What is secret is asked for once and never shown again."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from aggregator.domain.schedule import Plan, plan, within_quiet
from aggregator.services import channel_care, channels, practice
from aggregator.services.by_hand import hand_of
from aggregator.services.errors import ServiceError
from aggregator.storage import channels as rows_of_channels
from aggregator.storage import journal, lanes
from aggregator.web import here
from aggregator.web.staff import said
from networks.post import Limits, Network, Setting
from words import when
from words.say import ngettext, say, sentences
from words.say import translate as _

blueprint = Blueprint("channels", __name__, url_prefix="/channels")

#: Fields for times of the day on the page: those there are and some more, at least so many.
FIELDS, MORE = 4, 2

#: A day's width in the drawn line.
WIDTH = 288


class Line(NamedTuple):
    """A channel's day as a line: where its quiet hours and its times stand, and in words."""

    quiet: Sequence[tuple[float, float]]  # from, width
    pegs: Sequence[float]
    times: str
    rest: str


class Listed(NamedTuple):
    """A channel in the list."""

    row: Any
    what: str  # which network, or what is put up by hand
    account: str
    line: Line


@blueprint.get("")
def listing() -> str:
    """Every channel, and the networks that more can be connected of."""
    house = here.house()
    with house.database.reading() as tx:
        rows = rows_of_channels.listed(tx)
    shown = [_listed(row) for row in rows]
    return render_template(
        "channels/listing.html",
        channels=[each for each in shown if each.row.state != "ARCHIVED"],
        away=[each for each in shown if each.row.state == "ARCHIVED"],
        networks=house.networks,
    )


@blueprint.get("/<int:channel_id>")
def channel(channel_id: int) -> str:
    """One channel: whether it works, its times, and how to turn it off or put it away."""
    return _page(channel_id)


@blueprint.post("/<int:channel_id>/times")
def rhythm(channel_id: int) -> Response | tuple[str, int]:
    """Keep its times, its quiet hours, and what to do when unsure."""
    unknown = request.form.get("when_unknown", "ask")
    try:
        channel_care.rhythm(
            here.house(),
            channel_id,
            _typed_plan(),
            when_unknown="send" if unknown == "send" else "ask",
            version=here.number("version"),
            actor=here.actor(),
        )
    except ServiceError as error:
        return _page(channel_id, say(error.code, error.params)), 422
    return _done(channel_id, "rhythm")


@blueprint.post("/<int:channel_id>/test")
def test(channel_id: int) -> Response:
    """Ask there who we are; nothing is posted."""
    try:
        channel_care.test(here.house(), channel_id, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say("done.channel.test"))
    return redirect(url_for("channels.channel", channel_id=channel_id), 303)


@blueprint.post("/<int:channel_id>/turn")
def turn(channel_id: int) -> Response:
    """Off, on, put away, or remove."""
    steps = {
        "off": channel_care.off,
        "on": channel_care.on,
        "archive": channel_care.archive,
        "remove": channel_care.remove,
    }
    verb = request.form.get("verb", "")
    if verb not in steps:
        raise BadRequest
    name = _row(channel_id).name
    try:
        steps[verb](here.house(), channel_id, version=here.number("version"), actor=here.actor())
    except ServiceError as error:
        said.fault(error)
        return redirect(url_for("channels.channel", channel_id=channel_id), 303)
    return _done(channel_id, verb, name)


@blueprint.post("/<int:channel_id>/undo")
def undo(channel_id: int) -> Response:
    """Take the last step back."""
    try:
        channel_care.undo(here.house(), channel_id, actor=here.actor())
    except ServiceError as error:
        said.fault(error)
    else:
        said.plainly(say("done.channel.taken_back", {"name": _row(channel_id).name}))
    return redirect(url_for("channels.listing"), 303)


@blueprint.get("/add/<network>")
def form(network: str) -> str:
    """What that network asks for."""
    return _form(_network(network))


@blueprint.post("/add/<network>")
def add(network: str) -> Response | tuple[str, int] | str:
    """Connect an account; the network is asked who we are, nothing is posted."""
    kind, name = _network(network), request.form.get("name", "").strip()[:60]
    typed = {each.name: request.form.get(f"setting.{each.name}", "") for each in kind.settings}
    given = typed | practice.known(here.house(), network)
    name = name or _proposed(kind, typed)
    try:
        new = channels.add(here.house(), network, name, given, actor=here.actor())
    except ServiceError as error:
        return _form(kind, typed | {"name": name}, say(error.code, error.params)), 422
    if new.made:
        shown = [(key, _label(kind, key), value) for key, value in new.made.items()]
        return render_template("channels/added.html", name=name, made=shown)
    said.plainly(say("done.channel", {"name": name}))
    return redirect(url_for("channels.channel", channel_id=new.id), 303)


def _page(channel_id: int, wrong: str = "") -> str:
    house, row = here.house(), _row(channel_id)
    with house.database.reading() as tx:
        clock = here.clock(tx)
        waiting = len(lanes.waiting_on(tx, channel_id))
        used = lanes.is_used(tx, channel_id)
        last = journal.newest_of(tx, f"channel:{channel_id}", ("test", "connect", "test_failed"))
    day, network = plan(row.slots, row.quiet), house.networks.get(row.network)
    times = [each.isoformat("minutes") for each in day.times]
    return render_template(
        "channels/channel.html",
        each=_listed(row),
        channel=row,
        network=network,
        wrong=wrong,
        day=day,
        times=[*times, *[""] * max(MORE, FIELDS - len(times))],
        quiet=[each.isoformat("minutes") for each in day.quiet or ()],
        swallowed=[when.of_day(each) for each in day.times if within_quiet(day, each)],
        fits=_fits(Limits(**row.limits)),
        by_hand=row.way == "by_hand",
        settles=network is not None and channels.can_settle(network),
        waiting=waiting,
        used=used,
        tested=when.ago(last.at, clock.now) if last is not None else "",
        failed=last is not None and last.verb == "test_failed",
    )


def _typed_plan() -> Plan:
    """The form's day. Raises ServiceError for what is no time."""
    try:
        times = tuple(
            sorted(time.fromisoformat(each) for each in request.form.getlist("time") if each)
        )
        quiet = [time.fromisoformat(request.form.get(name, "")) for name in _QUIET if _is_quiet()]
        every = int(request.form.get("minutes", "")) if request.form.get("how") == "every" else None
    except ValueError as error:
        raise ServiceError("channel.quiet" if _is_quiet() else "channel.times") from error
    return Plan(times, every, (quiet[0], quiet[1]) if quiet else None)


_QUIET = ("quiet_from", "quiet_to")


def _is_quiet() -> bool:
    return "is_quiet" in request.form


def _done(channel_id: int, verb: str, name: str = "") -> Response:
    """Say what was done, with the way back where there is one."""
    name = name or _row(channel_id).name
    text = say(f"done.channel.{verb}", {"name": name})
    if verb in channel_care.UNDOABLE:
        said.with_way_back(text, url_for("channels.undo", channel_id=channel_id))
    else:
        said.plainly(text)
    if verb in {"archive", "remove"}:
        return redirect(url_for("channels.listing"), 303)
    return redirect(url_for("channels.channel", channel_id=channel_id), 303)


def _row(channel_id: int) -> Any:
    with here.house().database.reading() as tx:
        row = rows_of_channels.by_id(tx, channel_id)
    if row is None:
        raise NotFound
    return row


def _listed(row: Any) -> Listed:
    house = here.house()
    network, hand = house.networks.get(row.network), hand_of(house, row)
    what = network.label if network else row.network
    if hand is not None:
        what = say(f"network.{row.network}.kind.{hand.kind}")
    return Listed(row, what, (row.account or {}).get("name", ""), _line(plan(row.slots, row.quiet)))


def _line(day: Plan) -> Line:
    rest = _("No quiet hours")
    spans: list[tuple[float, float]] = []
    if day.quiet is not None:
        start, end = day.quiet
        rest = _("Quiet from {start} to {end}").format(
            start=when.of_day(start), end=when.of_day(end)
        )
        spans = [(_x(start), _x(end))] if start < end else [(0, _x(end)), (_x(start), WIDTH)]
    times = ", ".join(when.of_day(each) for each in day.times)
    if day.every:
        times = ngettext("Every minute", "Every {n} minutes", day.every).format(n=day.every)
    pegs = () if day.every else tuple(_x(each) for each in day.times)
    return Line([(a, b - a) for a, b in spans if b > a], pegs, times, rest)


def _x(at: time) -> float:
    return round((at.hour * 60 + at.minute) * WIDTH / 1440, 1)


def _fits(limits: Limits) -> str:
    if limits.unit == "words":
        return _("{n} words").format(n=f"{limits.characters:,}")
    return _("{n} characters").format(n=f"{limits.characters:,}")


def _proposed(kind: Network, typed: Mapping[str, str]) -> str:
    """A name for the channel: what is put up by hand is called by its kind."""
    code = f"network.{kind.name}.kind.{typed.get('kind', '')}"
    return say(code) if code in sentences() else kind.label


def _network(name: str) -> Network:
    found = here.house().networks.get(name)
    if found is None:
        raise NotFound
    return found


def _form(kind: Network, typed: Mapping[str, str] | None = None, wrong: str = "") -> str:
    known = practice.known(here.house(), kind.name)
    fields = [_field(kind, each, typed or {}) for each in kind.settings if each.name not in known]
    return render_template(
        "channels/add.html",
        network=kind,
        fields=fields,
        name=(typed or {}).get("name", ""),
        wrong=wrong,
    )


def _label(kind: Network, setting: str) -> str:
    """The setting in words; a network that brings none shows its own name for it."""
    code = f"network.{kind.name}.{setting}"
    return say(code) if code in sentences() else setting.replace("_", " ").capitalize()


def _field(kind: Network, setting: Setting, typed: Mapping[str, str]) -> dict[str, Any]:
    """One thing the network asks for, in its own words; a secret is never written back."""
    code = f"network.{kind.name}.{setting.name}"
    return {
        "name": f"setting.{setting.name}",
        "id": f"setting-{setting.name}",
        "label": _label(kind, setting.name),
        "hint": say(f"{code}.hint") if f"{code}.hint" in sentences() else "",
        "secret": setting.secret,
        "value": "" if setting.secret else typed.get(setting.name, setting.default or ""),
        "required": setting.default is None and setting.make is None and not setting.optional,
        "choices": [(each, _label(kind, f"{setting.name}.{each}")) for each in setting.choices],
    }
