"""The address holds the view: read kindly, written steadily."""

from datetime import date, datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from aggregator.domain.filtering import STATES, VIEWS, WHENS, Filter

ZONE = ZoneInfo("America/New_York")
DAYS = st.none() | st.dates(date(1970, 1, 1), date(2200, 12, 31))
WORDS = st.text(max_size=30).map(lambda each: " ".join(each.split()))
FILTERS = st.builds(
    Filter,
    view=st.sampled_from(VIEWS),
    q=WORDS,
    partner=WORDS,
    tag=WORDS,
    audience=WORDS,
    access=WORDS,
    place=WORDS,
    state=st.sampled_from(["", *STATES]),
    when=st.sampled_from(["", *WHENS]),
    from_day=DAYS,
    to_day=DAYS,
)


@given(FILTERS)
def test_what_is_written_to_an_address_is_read_back(wanted: Filter) -> None:
    query = wanted.query()
    again = Filter.parse(dict(parse_qsl(query)))
    assert again == wanted
    assert again.query() == query


@given(
    st.dictionaries(st.sampled_from(["view", "q", "from", "to", "state", "when", "x"]), st.text())
)
def test_no_address_is_an_error(args: dict[str, str]) -> None:
    found = Filter.parse(args)
    assert (found.view in VIEWS, found.state in {"", *STATES}) == (True, True)


def test_what_nobody_knows_is_left_out() -> None:
    typed = MultiDict(
        {"view": "old", "state": "LOST", "when": "ever", "from": "2026-02-30", "to": "x"}
    )
    assert Filter.parse(typed) == Filter()
    assert Filter.parse({"from": "9999-12-31", "to": "0001-01-01"}) == Filter()


def test_the_plain_view_has_no_address_and_changes_stand_beside_what_was() -> None:
    assert Filter().query() == ""
    wanted = Filter.parse({"q": "jazz", "view": "calendar", "from": "2026-12-01"})
    assert wanted.query() == "view=calendar&q=jazz&from=2026-12-01"
    assert wanted.query(q="", audience="3") == "view=calendar&audience=3&from=2026-12-01"


def test_a_filter_says_whether_it_narrows_its_view() -> None:
    assert not Filter(view="declined").is_narrowed
    assert Filter(view="declined", access="free").is_narrowed


@pytest.mark.parametrize(
    ("when", "today", "days"),
    [
        ("today", (2026, 11, 24), ((2026, 11, 24), (2026, 11, 24))),
        ("tomorrow", (2026, 11, 30), ((2026, 12, 1), (2026, 12, 1))),
        ("weekend", (2026, 11, 24), ((2026, 11, 28), (2026, 11, 29))),
        ("weekend", (2026, 11, 29), ((2026, 11, 29), (2026, 11, 29))),
        ("week", (2026, 11, 24), ((2026, 11, 24), (2026, 11, 30))),
        ("month", (2026, 11, 24), ((2026, 11, 24), (2026, 12, 24))),
    ],
)
def test_a_relative_day_is_meant_anew_each_day(
    when: str, today: tuple[int, int, int], days: tuple[tuple[int, int, int], ...]
) -> None:
    wanted = Filter(when=when, from_day=date(2020, 1, 1))
    assert wanted.days(date(*today)) == tuple(date(*each) for each in days)


def test_a_day_is_the_librarys_and_has_its_own_length() -> None:
    now = datetime(2026, 11, 1, 3, 30, tzinfo=ZoneInfo("UTC"))  # the evening before, in New York
    assert Filter(when="today").span(now, ZONE)[0] == datetime(2026, 10, 31, tzinfo=ZONE)
    begin, end = Filter(from_day=date(2026, 11, 1), to_day=date(2026, 11, 1)).span(now, ZONE)
    assert begin is not None
    assert end is not None
    assert (end.astimezone(ZoneInfo("UTC")) - begin.astimezone(ZoneInfo("UTC"))).seconds == 3600
