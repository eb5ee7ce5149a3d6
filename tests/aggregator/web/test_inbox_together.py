"""Several events at once: looked at together, decided once, undone once."""

from xml.etree.ElementTree import Element

from tests.aggregator.web.checking import named, words
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.test_inbox import titles
from tests.aggregator.web.town import Town, a_notice, an_event


def chess(number: int) -> list[str]:
    """Evenings of a chess club."""
    return [f"Chess Club {each}" for each in range(1, number + 1)]


def tell(town: Town, *summaries: str, **other: object) -> list[str]:
    return town.tell(*(an_event(each, summary=each, **other) for each in summaries))


def send(staff: Visitor, page: Element, **typed: str | list[str]) -> str:
    """Send the form with every tick as it stands, but for what is typed; what is said then."""
    [form] = [each for each in named(page, "form") if "all-of-them" in str(each.get("class"))]
    fields: dict[str, str | list[str]] = {}
    for each in named(form, "input"):
        if each.get("type") != "checkbox" and each.get("name"):
            fields[each.get("name", "")] = each.get("value", "")
    ticked = [each.get("value", "") for each in named(form, "input") if each.get("name") == "pid"]
    data = fields | {"pid": ticked} | typed
    return text(staff.follow(staff.client.post(form.get("action", ""), data=data)))


def test_chosen_events_are_looked_at_then_decided_by_one_click_and_undone_by_one(
    town: Town, staff: Visitor
) -> None:
    one, other, rest = tell(town, "Lantern walk", "Old maps", "Bike lanes")
    page = staff.get(f"/inbox/bulk?pid={one}&pid={other}")
    assert "One decision for these 2 events" in text(page)
    said = send(staff, page, quick="far")
    assert "Declined: 2 events." in said
    assert [town.row(pid).state for pid in (one, other, rest)] == ["DECLINED", "DECLINED", "NEW"]
    assert town.row(one).reason == "Too far away"
    inbox = staff.get("/inbox")
    back = staff.follow(staff.send(inbox, "/inbox/bulk/undo"))
    assert "2 events are as they were." in text(back)
    assert len(titles(staff.get("/inbox"))) == 3


def test_what_is_taken_out_of_the_preview_is_left_alone(town: Town, staff: Visitor) -> None:
    one, other = tell(town, "Lantern walk", "Old maps")
    page = staff.get(f"/inbox/bulk?pid={one}&pid={other}")
    assert "On the calendar: 1 event." in send(staff, page, verb="calendar_only", pid=[other])
    assert (town.row(one).state, town.row(other).state) == ("NEW", "APPROVED")


def test_one_that_a_colleague_decided_meanwhile_is_left_and_named(
    town: Town, staff: Visitor
) -> None:
    one, other = tell(town, "Lantern walk", "Old maps")
    page = staff.get(f"/inbox/bulk?pid={one}&pid={other}")
    town.decide(other, "calendar_only")
    said = send(staff, page, until="tomorrow")
    assert "Snoozed: 1 event." in said
    assert "“Old maps” stays as it is: Tom put this on the calendar just now." in said


def test_all_like_this_are_those_of_the_same_partner_and_title(town: Town, staff: Visitor) -> None:
    pid, *_ = tell(town, *chess(3), "Winter songs")
    town.tell(an_event("other", summary="Chess Club 9"), partner="Parks Department")
    page = staff.get(f"/inbox/bulk?like={pid}")
    listed = [
        words(each) for each in named(page, "label") if str(each.get("for")).startswith("in-")
    ]
    assert [each.partition("Sat")[0] for each in listed] == chess(3)[::-1]
    assert "On the calendar: 3 events." in send(staff, page, verb="calendar_only")


def test_all_like_this_by_category_where_the_title_stands_alone(town: Town, staff: Visitor) -> None:
    [pid, *_] = tell(town, "Winter songs", "Spring songs", categories=("Music",))
    tell(town, "Winter songs", "Spring songs", "Old maps")  # told anew, without the category
    tell(town, "Winter songs", "Spring songs", "Old maps", categories=("Music",))
    page = staff.get(f"/inbox/bulk?like={pid}")
    assert "River Museum, Music 3" in text(page)
    assert "One decision for these 3 events" in text(page)
    same = staff.get(f"/inbox/bulk?like={pid}&by=title")
    assert "This is decided for 1 event" in text(same)


def test_list_stays_where_it_was_when_several_were_decided(town: Town, staff: Visitor) -> None:
    [pid, _] = tell(town, "Lantern walk", "Old maps")
    page = staff.get(f"/inbox/bulk?pid={pid}&view=all&q=lantern")
    [form] = [each for each in named(page, "form") if "all-of-them" in str(each.get("class"))]
    assert form.get("action") == "/inbox/bulk?view=all&q=lantern"


def test_notices_are_not_offered_the_calendar(town: Town, staff: Visitor) -> None:
    [pid] = town.tell(a_notice())
    page = staff.get(f"/inbox/bulk?pid={pid}")
    assert "Calendar only" not in text(page)


def test_nothing_chosen_says_how_to_choose(staff: Visitor) -> None:
    assert "Nothing is chosen" in text(staff.get("/inbox/bulk"))
    staff.get("/inbox/bulk?like=nothing", 404)


def test_nothing_left_in_decides_nothing(town: Town, staff: Visitor) -> None:
    [pid] = tell(town, "Lantern walk")
    page = staff.get(f"/inbox/bulk?pid={pid}")
    assert "Nothing was chosen" in send(staff, page, verb="decline", pid=[])
    assert town.row(pid).state == "NEW"


def test_who_decided_nothing_has_nothing_to_undo(town: Town, staff: Visitor) -> None:
    [pid] = tell(town, "Lantern walk")
    town.decide(pid, "decline")  # by Tom
    after = staff.follow(staff.send(staff.get("/inbox"), "/inbox/bulk/undo"))
    assert "There is nothing to undo." in text(after)
    assert town.row(pid).state == "DECLINED"
