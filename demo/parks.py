"""The city's parks: an RSS feed with the event module, and one walk that the museum has, too."""

from xml.sax.saxutils import escape

from demo.times import Moment

NAME = "Millbrook Parks"

#: Title, weekday, weeks on, hours from and to, place, what kind, what it says.
EVENTS = (
    (
        "Lantern walk along the river",
        (5, 0, 17, 19),
        "Museum garden, 4 Mill Lane",
        "Families",
        "With the museum. The path is lit by you.",
    ),
    (
        "Bird walk at the weir",
        (6, 0, 8, 10),
        "Weir car park",
        "Nature",
        "Bring binoculars, we have four to lend. The path is step-free.",
    ),
    (
        "The ice rink opens",
        (4, 0, 16, 21),
        "Market Square",
        "Families",
        "First lap at four. Skates can be hired for $3.",
    ),
    (
        "Volunteer morning: plant a hedge",
        (5, 1, 9, 12),
        "East Meadow",
        "Volunteering",
        "Gloves and soup are here.",
    ),
    (
        "Tree lighting",
        (6, 1, 17, 18),
        "Market Square",
        "Families",
        "The mayor says very little, then the lights go on.",
    ),
    (
        "Winter run, 5 km",
        (6, 2, 10, 12),
        "Boat house",
        "Sport",
        "Registration closes two days before.",
    ),
    (
        "Stars over East Meadow",
        (3, 2, 20, 22),
        "East Meadow",
        "Nature",
        "With telescopes. If it rains we meet in the boat house.",
    ),
)


def feed(now: Moment) -> str:
    """The department's RSS."""
    items = "".join(_item(now, number, *told) for number, told in enumerate(EVENTS, 1))
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"'
        ' xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel>'
        f"<title>{NAME}</title><link>{now.site}/parks</link>"
        f"<description>What happens outside</description>{items}</channel></rss>"
    )


def _item(
    now: Moment,
    number: int,
    title: str,
    when: tuple[int, int, int, int],
    place: str,
    kind: str,
    text: str,
) -> str:
    weekday, weeks, begin, end = when
    day = now.next(weekday, weeks)
    url = f"{now.site}/parks/{number}"
    return (
        f"<item><title>{escape(title)}</title><link>{url}</link><guid>{url}</guid>"
        f"<category>{kind}</category><description>{escape(text)}</description>"
        f"<ev:startdate>{now.at(day, begin).isoformat()}</ev:startdate>"
        f"<ev:enddate>{now.at(day, end).isoformat()}</ev:enddate>"
        f"<ev:location>{escape(place)}</ev:location></item>"
    )
