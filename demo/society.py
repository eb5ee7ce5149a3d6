"""Millbrook Historical Society: a feed that once was full, and has told nothing new for months."""

from datetime import timedelta

from demo.times import Moment
from demo.writing import Entry, calendar

NAME, DOOR = "Millbrook Historical Society", "society.example"


def feed(now: Moment) -> str:
    """Twelve evenings, the last of them ten weeks ago."""
    entries = [
        Entry(
            f"evening-{number}@{DOOR}",
            f"Evening {number}: {title}",
            now.at(now.today - timedelta(days=70 + 14 * (12 - number)), 19),
            now.at(now.today - timedelta(days=70 + 14 * (12 - number)), 20, 30),
            "Carver House",
            "With pictures from the archive.",
            f"{now.site}/society/{number}",
        )
        for number, title in enumerate(TITLES, 1)
    ]
    return calendar(NAME, str(now.zone), entries)


TITLES = (
    "The first bridge",
    "The second bridge",
    "Why the mill burned",
    "The railway that never came",
    "Letters from the quay",
    "Old maps",
    "A town of bakers",
    "The flood",
    "Signs over doors",
    "Who was Anna Carver?",
    "Recipes",
    "What the river took",
)
