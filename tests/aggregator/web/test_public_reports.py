"""“Something wrong?” takes a resident's word without an account, a cookie, or a flood."""

from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select

from aggregator.services import reports as service
from aggregator.services.errors import MissingError
from aggregator.services.house import House
from aggregator.services.throttling import TooOftenError
from aggregator.storage import reports, revisions, tables
from tests.aggregator.web.checking import named
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import Town, an_event
from tests.support.houses import Clock


@pytest.fixture
def pid(town: Town) -> str:
    [found] = town.approve(an_event())
    return found


def waiting(house: House) -> list[str]:
    """What staff find on Today."""
    with house.database.reading() as tx:
        return [row.text for row in reports.open_(tx)]


def opened(anyone: Visitor, clock: Clock, pid: str) -> Element:
    """The form, as long ago as a person takes to read it."""
    page = anyone.get(f"/event/{pid}/wrong")
    clock.forward(seconds=20)
    return page


def send(anyone: Visitor, page: Element, pid: str, **typed: str) -> Element:
    """Send the form; the page that answers."""
    answer = anyone.send(page, f"/event/{pid}/wrong", **typed)
    if answer.status_code != 303:
        return anyone.read(answer)
    return anyone.get(answer.headers["Location"])


def test_report_is_one_click_away_and_reaches_today(
    house: House, anyone: Visitor, clock: Clock, pid: str
) -> None:
    event = anyone.get(f"/event/{pid}")
    assert f"/event/{pid}/wrong" in [each.get("href") for each in named(event, "a")]
    with house.database.reading() as tx:
        before = revisions.current(tx, revisions.INBOX)
    page = opened(anyone, clock, pid)
    after = send(anyone, page, pid, kind="time", text="It begins\n at  six.\x07")
    assert "Thank you." in text(after)
    assert waiting(house) == ["The day or the time\nIt begins\nat six."]
    with house.database.reading() as tx:
        assert revisions.current(tx, revisions.INBOX) == before + 1


def test_nobody_who_reports_gets_a_cookie(anyone: Visitor, clock: Clock, pid: str) -> None:
    page = anyone.client.get(f"/event/{pid}/wrong")
    assert page.headers["Cache-Control"] == "no-store"
    clock.forward(seconds=20)
    answer = anyone.send(anyone.read(page), f"/event/{pid}/wrong", kind="cancelled")
    assert "Set-Cookie" not in page.headers
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "", "text": "The <door> is shut"}, "Choose what is wrong"),
        ({"kind": "nonsense", "text": "x"}, "Choose what is wrong"),
        ({"kind": "other", "text": "  "}, "Say in a few words"),
        ({"kind": "price", "text": "x" * 1001}, "1000 characters at most"),
    ],
)
def test_what_can_not_be_used_is_said_and_stays(
    house: House, anyone: Visitor, clock: Clock, pid: str, typed: dict[str, str], said: str
) -> None:
    page = send(anyone, opened(anyone, clock, pid), pid, **typed)
    assert said in text(page)
    [field] = named(page, "textarea")
    assert (field.text or "").strip() == typed["text"].strip()
    assert waiting(house) == []


def test_program_that_fills_in_every_field_is_thanked_and_not_heard(
    house: House, anyone: Visitor, clock: Clock, pid: str
) -> None:
    page = opened(anyone, clock, pid)
    assert "Thank you." in text(
        send(anyone, page, pid, kind="time", website="https://spam.example")
    )
    assert waiting(house) == []


def test_form_that_is_not_ours_is_refused(
    house: House, town: Town, anyone: Visitor, clock: Clock, pid: str
) -> None:
    path, data = f"/event/{pid}/wrong", {"kind": "time", "csrf_token": "made up"}
    assert anyone.client.post(path, data=data).status_code == 400
    [other] = town.approve(an_event("other"), partner="Playhouse")
    data["csrf_token"] = service.token(house, other)
    clock.forward(seconds=20)
    assert anyone.client.post(path, data=data).status_code == 400
    data["csrf_token"] = service.token(house, pid)
    clock.forward(seconds=20)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert anyone.client.post(path, data=data, headers=elsewhere).status_code == 400
    assert waiting(house) == []
    assert anyone.client.post(path, data=data).status_code == 303


@pytest.mark.parametrize("seconds", [0, 13 * 3600])
def test_form_sent_at_once_or_much_later_can_be_sent_again(
    house: House, anyone: Visitor, clock: Clock, pid: str, seconds: int
) -> None:
    page = anyone.get(f"/event/{pid}/wrong")
    clock.forward(seconds=seconds)
    refused = send(anyone, page, pid, kind="place", text="Round the corner")
    assert "Send it again." in text(refused)
    assert waiting(house) == []
    clock.forward(seconds=5)
    chosen = [each for each in named(refused, "input") if each.get("checked") is not None]
    assert [each.get("value") for each in chosen] == ["place"]
    send(anyone, refused, pid, kind="place", text="Round the corner")
    assert waiting(house) == ["The place\nRound the corner"]


def test_one_household_may_tell_a_few_things_an_hour(
    house: House, anyone: Visitor, clock: Clock, pid: str
) -> None:
    for number in range(service.BY_ADDRESS):
        send(anyone, opened(anyone, clock, pid), pid, kind="other", text=f"{number}")
    page = opened(anyone, clock, pid)
    answer = anyone.send(page, f"/event/{pid}/wrong", kind="other", text="one more")
    assert answer.status_code == 429
    assert 3000 < int(answer.headers["Retry-After"]) <= 3600
    assert "Wait 58 minutes" in text(anyone.read(answer))
    assert len(waiting(house)) == service.BY_ADDRESS
    clock.forward(hours=1)
    send(anyone, opened(anyone, clock, pid), pid, kind="other", text="later")
    assert len(waiting(house)) == service.BY_ADDRESS + 1


def test_neighbour_is_heard_until_the_event_has_enough(
    house: House, clock: Clock, pid: str
) -> None:
    signed = service.token(house, pid)
    clock.forward(seconds=20)

    def tell(number: int) -> None:
        near = f"2001:db8:0:{number}::5"
        service.send(house, pid, signed=signed, kind="time", text="", address=near)

    for number in range(service.BY_EVENT):
        tell(number)
    with pytest.raises(TooOftenError):
        tell(99)


def test_event_that_is_not_public_takes_no_report(town: Town, anyone: Visitor, pid: str) -> None:
    [new] = town.tell(an_event("new"), partner="Playhouse")
    anyone.get(f"/event/{new}/wrong", 404)
    anyone.get("/event/nothing/wrong", 404)


def test_report_is_done_once_and_can_be_taken_up_again(
    house: House, clock: Clock, pid: str
) -> None:
    signed = service.token(house, pid)
    clock.forward(seconds=20)
    service.send(house, pid, signed=signed, kind="cancelled", text="", address="192.0.2.1")
    with house.database.reading() as tx:
        [row] = reports.open_(tx)
        assert (row.pid, row.partner, row.text) == (pid, "River Museum", "It does not take place")
        assert reports.waiting(tx, row.event_id) == 1
    for _ in range(2):
        service.done(house, row.id, actor="Ana")
    assert waiting(house) == []
    service.reopen(house, row.id, actor="Ana")
    assert waiting(house) == ["It does not take place"]
    with house.database.reading() as tx:
        log = tx.all(
            select(tables.journal.c.actor, tables.journal.c.verb).where(
                tables.journal.c.subject == f"report:{row.id}"
            )
        )
    assert [tuple(each) for each in log] == [("Ana", "report_done"), ("Ana", "report_reopen")]
    with pytest.raises(MissingError):
        service.done(house, 999, actor="Ana")
