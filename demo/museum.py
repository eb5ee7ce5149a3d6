"""Millbrook Museum: an iCal feed with a series, a date that moved, and a talk called off."""

from datetime import timedelta

from demo.times import Moment
from demo.writing import Entry, calendar, stamp

NAME, DOOR = "Millbrook Museum", "museum.example"


def feed(now: Moment) -> str:
    """The museum's calendar."""
    entries = [*_single(now), *_story_hour(now), *_workshops(now)]
    return calendar(NAME, str(now.zone), entries)


def _single(now: Moment) -> list[Entry]:
    saturday = now.next(5)
    return [
        Entry(
            f"lantern-walk@{DOOR}",
            "Lantern walk along the river",
            now.at(saturday, 17),
            now.at(saturday, 19),
            "Museum garden, 4 Mill Lane",
            "Bring a lantern, or make one with us from 4 pm.\n\nFree. No need to book.",
            f"{now.site}/museum/lantern-walk",
            ("CATEGORIES:Families,Outdoors", _picture(now, "lantern")),
        ),
        Entry(
            f"boats@{DOOR}",
            "Paper boats: an exhibition",
            now.today + timedelta(days=3),
            now.today + timedelta(days=45),
            "Hall 2",
            "Four hundred boats folded by the schools of the town.",
            f"{now.site}/museum/boats",
            ("CATEGORIES:Exhibition", _picture(now, "boats")),
        ),
        Entry(
            f"talk@{DOOR}",
            "Cancelled: The mill and its owners, a talk",
            now.at(saturday + timedelta(days=5), 19, 30),
            now.at(saturday + timedelta(days=5), 21),
            "Lecture room",
            "The speaker is ill. A new date follows.",
            f"{now.site}/museum/talk",
            ("STATUS:CANCELLED",),
        ),
        Entry(
            f"night@{DOOR}",
            "Late night at the museum",
            now.at(now.next(4, 1), 19),
            now.at(now.next(4, 1), 23, 30),
            "Millbrook Museum, 4 Mill Lane",
            "Every room is open, the café too. A saxophone on the stairs.\n\nTickets: $8.",
            f"{now.site}/museum/night",
            ("CATEGORIES:Adults,Music", _picture(now, "night")),
        ),
    ]


def _story_hour(now: Moment) -> list[Entry]:
    """Twelve Tuesdays: one left out, one moved into the afternoon and outside."""
    tuesday = now.next(1)
    moved, until = tuesday + timedelta(days=7), tuesday + timedelta(weeks=11)
    uid, url = f"story-hour@{DOOR}", f"{now.site}/museum/story-hour"
    left_out = stamp(now.at(tuesday + timedelta(weeks=3), 10))
    return [
        Entry(
            uid,
            "Story hour in the whale room",
            now.at(tuesday, 10),
            now.at(tuesday, 11),
            "Whale room",
            "Stories for children from three to six.",
            url,
            (
                f"RRULE:FREQ=WEEKLY;UNTIL={until:%Y%m%d}T235959Z;BYDAY=TU",
                f"EXDATE;TZID={now.zone}:{left_out}",
                "CATEGORIES:Children",
            ),
        ),
        Entry(
            uid,
            "Story hour in the garden",
            now.at(moved, 14),
            now.at(moved, 15),
            "Museum garden, 4 Mill Lane",
            "This time outside, and in the afternoon.",
            url,
            (f"RECURRENCE-ID;TZID={now.zone}:{stamp(now.at(moved, 10))}",),
        ),
    ]


def _workshops(now: Moment) -> list[Entry]:
    """For families on Saturdays; the next but one at the hour of the schools' winter fair."""
    told = (
        ("Paper stars: a workshop for families", "paper-stars", 1),
        ("Kites that fly: a workshop for families", "kites", 2),
        ("Print your own card", "cards", 3),
    )
    return [
        Entry(
            f"{name}@{DOOR}",
            title,
            now.at(now.next(5, weeks), 14),
            now.at(now.next(5, weeks), 16),
            "Workshop, Millbrook Museum, 4 Mill Lane",
            "For children from six, with a grown-up. Materials are here.",
            f"{now.site}/museum/{name}",
            ("CATEGORIES:Families,Workshop",),
        )
        for title, name, weeks in told
    ]


def _picture(now: Moment, name: str) -> str:
    return f"ATTACH;FMTTYPE=image/png:{now.site}/picture/{name}.png"
