"""Millbrook Schools: an iCal feed with whole days, a board that meets, and a fair."""

from datetime import timedelta

from demo.times import Moment
from demo.writing import Entry, calendar

NAME, DOOR = "Millbrook Schools", "schools.example"


def feed(now: Moment) -> str:
    """The school district's calendar."""
    fair, concert, board = now.next(5, 1), now.next(3, 1), now.next(1, 2)
    url = f"{now.site}/schools"
    entries = [
        Entry(
            f"fair@{DOOR}",
            "Winter fair of the schools",
            now.at(fair, 14),
            now.at(fair, 16),
            "Mill Street School, gymnasium",
            "Games, soup and a raffle. All families are welcome. Free.",
            f"{url}/fair",
            ("CATEGORIES:Families", f"ATTACH;FMTTYPE=image/png:{now.site}/picture/fair.png"),
        ),
        Entry(
            f"concert@{DOOR}",
            "Concert of the school orchestra",
            now.at(concert, 18, 30),
            now.at(concert, 20),
            "Millbrook High School, auditorium",
            "Dvořák, and a piece that the tenth year wrote.",
            f"{url}/concert",
            ("CATEGORIES:Music",),
        ),
        Entry(
            f"board@{DOOR}",
            "School board meeting",
            now.at(board, 19),
            now.at(board, 21),
            "Town hall, room 2",
            "Open to the public.",
            f"{url}/board",
        ),
        Entry(
            f"no-school@{DOOR}",
            "No school: teachers’ day",
            now.next(0, 1),
            now.next(0, 1) + timedelta(days=1),
            "All schools",
            "Child care from 7:30 am at Mill Street School.",
            f"{url}/no-school",
        ),
        Entry(
            f"homework@{DOOR}",
            "Homework club",
            now.at(now.next(2), 15, 30),
            now.at(now.next(2), 17),
            "Mill Street School, library",
            "Somebody older helps. For teens from 12 to 16.",
            f"{url}/homework",
            ("RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=16", "CATEGORIES:Teens"),
        ),
        Entry(
            f"college@{DOOR}",
            "College evening for teens and parents",
            now.at(now.next(0, 2), 18),
            now.at(now.next(0, 2), 19, 30),
            "Millbrook High School, auditorium",
            "Grants, deadlines, and what nobody tells you.",
            f"{url}/college",
            ("CATEGORIES:Teens",),
        ),
    ]
    return calendar(NAME, str(now.zone), entries)
