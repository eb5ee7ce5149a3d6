"""Staff's locks over what sources tell: their order does not matter, and nothing is lost."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.resolve import Lock, on_date, resolve, told, unheeded
from feeds.event import Override, Place
from feeds.facts import to_facts
from tests.aggregator.web.town import ZONE, an_event, knitting

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RIDS = ("2026-12-08T18:30:00", "2026-12-15T18:30:00", "2027-02-16T18:30:00")
LATER = Override(datetime(2026, 12, 8, 18, 30, tzinfo=ZONE), {"summary": "Knit night"})
FROM_THEN = Override(
    datetime(2026, 12, 15, 18, 30, tzinfo=ZONE),
    {
        "start": datetime(2026, 12, 15, 19, 30, tzinfo=ZONE),
        "end": datetime(2026, 12, 15, 21, 30, tzinfo=ZONE),
        "location": Place("Mill"),
    },
    range="THISANDFUTURE",
)
SERIES = (knitting(), knitting(overrides=(LATER,)), knitting(overrides=(LATER, FROM_THEN)))

values = {
    "summary": st.sampled_from(["Ours", "Also ours", None]),
    "status": st.sampled_from(["CANCELLED", "POSTPONED", None]),
    "location": st.sampled_from([None, {"name": "Loft", "address": None}]),
}


def lock(rid: str, field: str, value: Any, seen: Any = None) -> Lock:
    return Lock(rid, field, value, seen, "Ana", NOW)


@st.composite
def locked(draw: st.DrawFn) -> list[Lock]:
    """Locks with a field once for each date."""
    keys = st.tuples(st.sampled_from(["", *RIDS]), st.sampled_from(sorted(values)))
    chosen = draw(st.lists(keys, unique=True, max_size=6))
    return [lock(rid, field, draw(values[field])) for rid, field in chosen]


@given(st.sampled_from(SERIES), locked(), st.randoms())
def test_locks_in_any_order_give_the_same(event: Any, locks: list[Lock], random: Any) -> None:
    accounts = [(1, to_facts(event))]
    wanted = resolve(accounts, locks)
    random.shuffle(locks)
    assert resolve(accounts, locks) == wanted


@given(st.sampled_from(SERIES), locked())
def test_every_lock_is_what_its_date_says(event: Any, locks: list[Lock]) -> None:
    accounts = [(1, to_facts(event))]
    facts = resolve(accounts, locks).facts
    for each in locks:
        here = on_date(facts, each.rid) if each.rid else facts
        assert here is not None
        assert (here[each.field] or {}) == (each.value or {}) or (
            isinstance(each.value, dict) and here[each.field]["name"] == each.value["name"]
        )


@given(st.sampled_from(SERIES), locked())
def test_other_dates_and_facts_stay_as_the_source_tells_them(event: Any, locks: list[Lock]) -> None:
    source = to_facts(event)
    dated = [each for each in locks if each.rid]
    facts = resolve([(1, source)], dated).facts
    for rid in RIDS:
        ours = {each.field for each in dated if each.rid == rid}
        before, after = on_date(source, rid), on_date(facts, rid)
        assert before is not None
        assert after is not None
        for field in before.keys() - ours:
            assert after[field] == before[field], (rid, field)


@given(st.sampled_from(SERIES), locked())
def test_without_locks_the_facts_are_exactly_the_sources(event: Any, locks: list[Lock]) -> None:
    source = to_facts(event)
    resolve([(1, source)], locks)
    assert source == to_facts(event)  # nothing was written into what it was given
    assert resolve([(1, source)], []).facts == source


def test_told_leaves_locks_out_and_knows_one_date() -> None:
    accounts = [(1, to_facts(SERIES[2]))]
    assert told(accounts, RIDS[0], "summary") == "Knit night"
    assert told(accounts, RIDS[2], "location")["name"] == "Mill"
    assert told(accounts, RIDS[2], "start") == "2027-02-16T19:30:00-05:00"
    assert told(accounts, "2026-12-09T18:30:00", "summary") is None


def test_news_about_a_locked_fact_are_named_unless_they_say_what_we_say() -> None:
    before, after = ([(1, to_facts(an_event(summary=each)))] for each in ("One", "Two"))
    [news] = unheeded(before, after, [lock("", "summary", "Ours", "One")])
    assert (news.field, news.before, news.after, news.kept) == ("summary", "One", "Two", True)
    assert not news.material
    assert unheeded(before, after, [lock("", "summary", "Two", "One")]) == ()
    assert unheeded(before, before, [lock("", "summary", "Ours", "One")]) == ()


def test_news_about_the_whole_series_are_news_about_a_locked_date() -> None:
    before = [(1, to_facts(knitting()))]
    after = [(1, to_facts(knitting(status="CANCELLED")))]
    [news] = unheeded(before, after, [lock(RIDS[1], "status", "CONFIRMED")])
    assert (news.rid, news.after, news.material) == (RIDS[1], "CANCELLED", True)
