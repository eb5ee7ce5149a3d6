"""The week on one page of paper, whatever the week."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from aggregator.storage import house as settings
from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import ZONE, Town, an_event, knitting

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZONE)

#: Whether something stands below the end of the sheet.
CUT_OFF = """() => {
  const sheet = document.querySelector(".sheet").getBoundingClientRect();
  const foot = document.querySelector(".poster-foot").getBoundingClientRect();
  return foot.bottom > sheet.bottom + 1;
}"""


def full_week(town: Town, each_day: int, monday: datetime = MONDAY) -> None:
    """A week with so much on every day, with long names."""
    town.approve(
        *(
            an_event(
                f"{monday}-{day}-{number}",
                summary=f"A talk number {number} with a title that needs more than one line of it",
                start=monday + timedelta(days=day, hours=number),
                end=monday + timedelta(days=day, hours=number, minutes=45),
            )
            for day in range(7)
            for number in range(each_day)
        ),
        partner=f"Week of {monday:%d %B}",
    )


def test_week_holds_seven_days_with_regulars_and_what_is_cancelled(
    town: Town, anyone: Visitor
) -> None:
    off = MONDAY + timedelta(days=3)
    town.approve(
        knitting(rule="FREQ=WEEKLY"),
        an_event("off", summary="Market", start=off, end=off, status="CANCELLED"),
    )
    page = anyone.get("/calendar/week")
    assert "Monday 23 November to Sunday 29 November 2026" in text(page)
    days = [words(each) for each in named(page, "section")]
    assert len(days) == 7
    assert days[3].startswith("Thu 26 Nov")
    assert "Market Cancelled" in days[3]
    later = anyone.get("/calendar/week?from=2026-12-03&paper=letter")
    assert "Monday 30 November to Sunday 6 December 2026" in text(later)
    assert "Open Knitting Table" in text(later)


def test_week_that_is_too_full_says_how_much_is_left_out(town: Town, anyone: Visitor) -> None:
    full_week(town, 10)
    page = anyone.get("/calendar/week")
    listed = [each for each in named(page, "li") if each.get("class") == "poster-ev"]
    counted = [int(each) for each in re.findall(r"and (\d+) more", text(page))]
    assert len(counted) == 7
    assert max(counted) - min(counted) <= 1
    assert len(listed) + sum(counted) == 70
    assert len(listed) > 14


@pytest.mark.browser
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_week_is_one_page_of_paper_however_much_is_on(
    browser: Browser, make_app: Callable[[str], Visitor], town: Town, paper: str
) -> None:
    amounts = (0, 1, 2, 3, 4, 12)
    with town.house.database.writing() as tx:
        settings.put(tx, "town", "Millbrook and the Villages around it")
    for number, each_day in enumerate(amounts):
        full_week(town, each_day, MONDAY + timedelta(weeks=number))
    app = make_app("https://events.library.example").client.application  # a QR code takes room
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(color_scheme="dark")
    pages = {}
    for number, each_day in enumerate(amounts):
        monday = (MONDAY + timedelta(weeks=number)).date()
        page.goto(f"http://127.0.0.1:{server.port}/calendar/week?from={monday}&paper={paper}")
        data = page.pdf(prefer_css_page_size=True, print_background=True)
        pages[each_day] = len(re.findall(rb"/Type\s*/Page\b", data))
        cut_off = page.evaluate(CUT_OFF)
        assert cut_off is False, f"{each_day} a day are cut off on {paper}"
    page.close()
    server.shutdown()
    assert pages == dict.fromkeys(amounts, 1)
