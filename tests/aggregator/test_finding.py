"""What lists find, on SQLite and on PostgreSQL alike: words, tags, days, views and twins."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy import text as sql

from aggregator import doctor
from aggregator.domain.filtering import Filter
from aggregator.domain.searching import asked, matches, text
from aggregator.services import deriving, partners, saved_views, twins
from aggregator.services.errors import MissingError, ServiceError
from aggregator.services.house import House
from aggregator.storage import choices, links, search, tags, urgent, views
from aggregator.storage import saved_views as stored_views
from aggregator.storage.tables import partner
from feeds.event import Age, Place
from networks.registry import all_networks
from tests.aggregator.web.board import Board
from tests.aggregator.web.town import ZONE, Town, a_notice, an_event, knitting
from tests.support.houses import Clock, make_house


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[House]:
    """On either database."""
    networks = {**all_networks(), "board": Board().network()}
    made = make_house(tmp_path, database_url, clock=clock, networks=networks)
    yield made
    assert [each.code for each in doctor.invariants(made)] == []
    made.database.close()


@pytest.fixture
def town(house: House) -> Town:
    return Town(house)


def found(house: House, **wanted: Any) -> list[str]:
    """The titles that a filter finds, in order."""
    with house.database.reading() as tx:
        rows = views.inbox(tx, Filter(**wanted), house.clock())
        assert views.count(tx, Filter(**wanted), house.clock()) == len(rows)
        return [row.facts["summary"] for row in rows]


# Words


WORDS = st.sampled_from(
    ["story", "stories", "time", "sto", "café", "Mill’s", "e-book", "故事", "straße", "1.5", "a"]
)


@pytest.fixture
def both(tmp_path: Path, sqlite_url: str, postgres_url: str, clock: Clock) -> Iterator[list[House]]:
    """One house on each database, with six events each."""
    houses = [
        make_house(tmp_path / str(n), url, clock=clock)
        for n, url in enumerate((sqlite_url, postgres_url))
    ]
    for each in houses:
        Town(each).tell(*(an_event(str(n)) for n in range(6)))
    yield houses
    for each in houses:
        each.database.close()


@pytest.mark.postgres
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    titles=st.lists(st.lists(WORDS | st.text(max_size=8), max_size=4), min_size=1, max_size=6),
    queries=st.lists(st.lists(WORDS | st.text(max_size=6), min_size=1, max_size=3), min_size=4),
)
def test_both_databases_find_what_the_rule_says(
    both: list[House], titles: list[list[str]], queries: list[list[str]]
) -> None:
    ids = range(1, len(titles) + 1)
    kept = {n: text_of(" ".join(title)) for n, title in zip(ids, titles, strict=True)}
    typed = [" ".join(query) for query in queries]
    wanted = [{n for n in ids if matches(kept[n], asked(q))} for q in typed if asked(q)]
    for house in both:
        with house.database.writing() as tx:
            search.put(tx, {n: kept.get(n, "") for n in range(1, 7)})
            answers = [
                {row.event_id for row in tx.all(search.found(tx, asked(q)))}
                for q in typed
                if asked(q)
            ]
        assert answers == wanted


def text_of(title: str) -> str:
    """The words of an event that tells nothing else."""
    return text({"summary": title}, "")


def test_words_of_title_place_partner_and_tags_find_an_event(house: House, town: Town) -> None:
    town.tell(an_event("a", summary="Jazz Evening", location=Place("The Mill", "2 Wharf Lane")))
    town.tell(
        an_event("b", summary="Yoga", age=Age(6, 10), location=None, categories=()),
        partner="Playhouse",
    )
    for typed in ("jazz", "EVENING", "mill wha", "river mus", "families jaz"):
        assert found(house, q=typed) == ["Jazz Evening"]
    assert found(house, q="children") == ["Yoga"]  # its group, by its ages
    assert found(house, q="cocoa") == []  # the description is not looked through
    assert found(house, q="!") == ["Yoga", "Jazz Evening"]


def test_a_search_follows_what_the_source_tells_anew(house: House, town: Town) -> None:
    town.tell(an_event("a", summary="Jazz Evening"))
    town.tell(an_event("a", summary="Blues Evening"))
    assert found(house, q="jazz") == []
    assert found(house, q="blues") == ["Blues Evening"]


def test_a_partner_under_another_name_is_found_by_it(house: House, town: Town) -> None:
    town.tell(an_event())
    told = {"zone": None, "credit": None, "contact": None}
    partners.change(house, 1, actor="Ana", name="Harbor Museum", **told)
    deriving.catch_up(house, time.monotonic() + 5)
    assert found(house, q="harbor") == ["Winter Stories by the Hearth"]
    assert found(house, q="river") == ["Winter Stories by the Hearth"]  # its hall’s name


def test_groups_that_change_are_held_against_all_events_and_a_stop_costs_nothing(
    house: House, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.tell(*(an_event(f"e{n}", summary=f"Bingo {n}", categories=("Bingo",)) for n in range(5)))
    with house.database.writing() as tx:
        group = choices.add(tx, "audience", name="Players", words=["bingo"], ages=[])
        deriving.anew(tx)
    assert found(house, audience=str(group)) == []
    monkeypatch.setattr(deriving, "BATCH", 2)
    rounds = 0
    while len(found(house, audience=str(group))) < 5:
        deriving.catch_up(house, first_only())
        rounds += 1
        assert rounds < 9
    assert rounds > 1
    assert len(found(house, q="players")) == 5
    deriving.catch_up(house, time.monotonic() + 5)
    with house.database.reading() as tx:
        assert not deriving.is_behind(tx)


def first_only() -> float:
    """An end that is over after the first batch."""
    return time.monotonic() + 0.000_5


# Tags, places, days, states


def test_each_filter_narrows_and_together_they_narrow_more(house: House, town: Town) -> None:
    town.tell(
        an_event("a", summary="Free for children", categories=("Kids",)),
        an_event("b", summary="Paid for children", categories=("Kids",), price=None),
        an_event("c", summary="Free elsewhere", location=Place("Elm Hall"), categories=("Music",)),
    )
    town.tell(an_event("d", summary="Another’s"), partner="Playhouse")
    with house.database.reading() as tx:
        pid = tx.value(select(partner.c.pid).where(partner.c.name == "Playhouse"))
        [kids] = [str(each.id) for each in choices.audiences(tx) if each.name == "Children"]
    assert found(house, access="free", audience=kids) == ["Free for children"]
    assert found(house, audience=kids) == ["Paid for children", "Free for children"]
    assert found(house, place="Elm Hall") == found(house, tag="Music") == ["Free elsewhere"]
    assert found(house, partner=pid) == ["Another’s"]
    assert found(house, partner="nobody") == found(house, audience="x") == []


def test_days_find_what_begins_then_and_what_goes_on(house: House, town: Town) -> None:
    day = datetime(2026, 11, 20, 10, tzinfo=ZONE)
    town.tell(
        an_event("show", summary="Show", start=day, end=day + timedelta(days=30)),
        an_event("sat", summary="Saturday"),
        replace(knitting("knit"), summary="Tuesdays"),
    )
    assert found(house, when="today") == ["Show"]
    assert found(house, from_day=date(2026, 12, 12), to_day=date(2026, 12, 12)) == [
        *("Saturday", "Show"),
    ]
    assert found(house, from_day=date(2026, 12, 15), to_day=date(2026, 12, 15)) == [
        *("Tuesdays", "Show"),
    ]
    assert found(house, from_day=date(2027, 1, 1)) == ["Tuesdays"]
    assert found(house, to_day=date(2026, 11, 30)) == ["Show"]


def test_every_view_holds_its_own_and_all_holds_what_is_over(
    house: House, town: Town, clock: Clock
) -> None:
    near = datetime(2026, 11, 26, 19, tzinfo=ZONE)
    pids = dict(
        zip(
            ("new", "soon", "listed", "declined", "snoozed", "notice", "endless"),
            town.tell(
                an_event("1", summary="new"),
                an_event("2", summary="soon", start=near, end=near + timedelta(hours=1)),
                an_event("3", summary="listed"),
                an_event("4", summary="declined"),
                an_event("5", summary="snoozed"),
                a_notice("6", summary="notice"),
                replace(knitting("7", "FREQ=WEEKLY"), summary="endless"),
            ),
            strict=True,
        )
    )
    town.decide(pids["listed"], "calendar_only")
    town.decide(pids["declined"], "decline")
    town.decide(pids["snoozed"], "snooze", clock.now + timedelta(days=2))
    assert found(house) == ["endless", "soon", "new"]
    assert found(house, view="soon") == ["soon"]
    assert found(house, view="calendar") == ["listed"]
    assert found(house, view="declined") == ["declined"]
    assert found(house, view="snoozed") == ["snoozed"]
    assert found(house, view="dateless") == ["notice"]
    assert found(house, view="all", state="DECLINED") == ["declined"]
    clock.forward(days=3)
    assert found(house) == ["endless", "snoozed", "new"]
    clock.forward(days=30)
    assert found(house) == ["endless"]
    assert len(found(house, view="all")) == 7


def test_a_view_is_paged_by_key(house: House, town: Town) -> None:
    town.tell(*(an_event(str(n), summary=f"{n}") for n in range(5)))
    with house.database.reading() as tx:
        first = views.inbox(tx, Filter(q="hearth"), house.clock(), limit=2)
        then = views.inbox(tx, Filter(q="hearth"), house.clock(), first[-1].id, limit=9)
    assert [row.facts["summary"] for row in [*first, *then]] == ["4", "3", "2", "1", "0"]


def test_values_of_a_tag_are_told_in_order_and_from_a_beginning(house: House, town: Town) -> None:
    town.tell(*(an_event(str(n), categories=("B", "C", "a", "D")) for n in range(3)))
    with house.database.reading() as tx:
        told = tags.values(tx, "category")
        assert sorted(told) == ["B", "C", "D", "a"]
        assert tags.values(tx, "category", after=told[0], limit=2) == told[1:3]
        assert tags.values(tx, "audience", after="999") == []


# Today


def test_today_begins_with_what_changed_after_sharing_and_what_is_soon(
    house: House, town: Town
) -> None:
    near = datetime(2026, 11, 25, 19, tzinfo=ZONE)
    soon = an_event("s", summary="Soon", start=near, end=near + timedelta(hours=1))
    sooner = replace(soon, uid="t", summary="Sooner", start=near - timedelta(hours=3))
    [listed] = town.approve(an_event("a", summary="Moved"), partner="Playhouse")
    town.tell(soon, sooner, an_event("late", summary="Late"))
    moved = an_event("a", summary="Moved", location=Place("Elm Hall"))
    town.tell(moved, partner="Playhouse")
    with house.database.reading() as tx:
        changed, undecided = urgent.changed(tx, house.clock()), urgent.soon(tx, house.clock())
    assert [(row.pid, row.out) for row in changed] == [(listed, 0)]
    assert [row.facts["summary"] for row in undecided] == ["Sooner", "Soon"]


# Twins


def pairs(house: House) -> list[tuple[int, int]]:
    with house.database.reading() as tx:
        return [(row.a, row.b) for row in links.asked(tx, house.clock())]


def test_two_partners_with_equal_title_and_start_are_asked_about(house: House, town: Town) -> None:
    town.tell(an_event(), an_event("other", summary="Other"))
    town.tell(an_event(summary="Winter stories by the hearth!"), partner="Playhouse")
    town.tell(an_event("again"))
    assert pairs(house) == [(1, 3), (3, 4)]
    with house.database.reading() as tx:
        row = links.asked(tx, house.clock())[0]
    assert (row.a_partner, row.b_partner) == ("River Museum", "Playhouse")


def test_two_events_are_never_asked_about_again_until_that_is_undone(
    house: House, town: Town
) -> None:
    town.tell(an_event())
    town.tell(an_event(), partner="Playhouse")
    twins.two_events(house, 2, 1, actor="Ana")
    town.tell(an_event(location=Place("Elm Hall")), partner="Playhouse")
    assert pairs(house) == []
    twins.ask_again(house, 1, 2, actor="Ana")
    assert pairs(house) == [(1, 2)]


def test_the_same_event_leaves_one_and_says_why_and_undo_brings_both_back(
    house: House, town: Town
) -> None:
    town.tell(an_event())
    [other] = town.tell(an_event(), partner="Playhouse")
    same = twins.same_event(house, 1, 2, actor="Ana")
    row = town.row(other)
    assert (row.state, same.left.event_id) == ("DECLINED", row.id)
    assert row.reason == "The same as “Winter Stories by the Hearth” from River Museum."
    assert pairs(house) == []
    twins.ask_again(house, 1, 2, actor="Ana")
    assert town.row(other).state == "NEW"
    assert pairs(house) == [(1, 2)]


def test_a_question_closes_when_one_moves_away_or_is_over(
    house: House, town: Town, clock: Clock
) -> None:
    town.tell(an_event())
    town.tell(an_event(), partner="Playhouse")
    later = datetime(2026, 12, 12, 16, tzinfo=ZONE)
    town.tell(an_event(start=later), partner="Playhouse")
    assert pairs(house) == []
    town.tell(an_event(), partner="Playhouse")
    assert pairs(house) == [(1, 2)]
    clock.forward(days=30)
    assert pairs(house) == []


def test_a_question_that_is_none_is_refused(house: House, town: Town) -> None:
    town.tell(an_event())
    with pytest.raises(MissingError):
        twins.two_events(house, 1, 2, actor="Ana")
    with pytest.raises(MissingError):
        twins.same_event(house, 1, 2, actor="Ana")


# Views that are kept


def test_views_are_kept_under_a_name_by_each_for_themselves(house: House, town: Town) -> None:
    ana, tom = town.user("Ana", "staff"), town.user("Tom", "staff")
    assert saved_views.add(house, ana, "  Families,  weekend ", "?when=weekend&x=1&q=") == (
        "Families, weekend"
    )
    saved_views.add(house, tom, "Families, weekend", "audience=4")
    with pytest.raises(ServiceError, match=r"saved\.known"):
        saved_views.add(house, ana, "Families, weekend", "q=x")
    [mine] = kept(house, ana)
    assert (mine.name, mine.query) == ("Families, weekend", "when=weekend")
    with pytest.raises(MissingError):
        saved_views.rename(house, tom, mine.id, "Mine")
    saved_views.rename(house, ana, mine.id, "Weekend")
    with pytest.raises(MissingError):
        saved_views.remove(house, tom, mine.id)
    saved_views.remove(house, ana, mine.id)
    assert (kept(house, ana), len(kept(house, tom))) == ([], 1)


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b"])
def test_a_view_needs_a_name_that_can_be_read(house: House, town: Town, name: str) -> None:
    ana = town.user("Ana", "staff")
    with pytest.raises(ServiceError, match=r"saved\.name"):
        saved_views.add(house, ana, name, "q=x")


def kept(house: House, user: int) -> Any:
    with house.database.reading() as tx:
        return stored_views.of(tx, user)


# The doctor


@pytest.mark.parametrize("table", ["event_tag", "event_search", "review", "event"])
def test_the_doctor_finds_a_list_that_goes_by_something_else(
    tmp_path: Path, database_url: str, table: str
) -> None:
    house = make_house(tmp_path, database_url)
    Town(house).tell(an_event())
    assert doctor.invariants(house) == []
    spoil = {
        "event_tag": "DELETE FROM event_tag WHERE kind = 'access'",
        "event_search": "DELETE FROM event_search",
        "review": "UPDATE review SET partner_id = 7",
        "event": "UPDATE event SET twin_key = 'x'",
    }
    with house.database.writing() as tx:
        tx.run(sql(spoil[table]))
    assert [each.code for each in doctor.invariants(house)] == ["doctor.lists"]
    house.database.close()
