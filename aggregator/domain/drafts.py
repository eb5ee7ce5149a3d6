"""What a person typed into the form of an event, field by field, and what is wrong with a field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Characters of one line, and of the description.
LINE, TEXT = 300, 10_000
BOOKING = ("OPEN", "WAITLIST", "FULL", "CLOSED")
#: What people ask about getting in, in the words that the event's page shows.
ACCESS = ("Step-free", "Accessible toilet", "Hearing loop", "Sign language", "Quiet space")


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the fields. `without` and `off` are days of a series, as YYYY-MM-DD: left
    out, or cancelled."""

    title: str = ""
    day: str = ""
    last: str = ""
    all_day: bool = False
    start: str = ""
    end: str = ""
    repeat: str = ""
    without: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    place: str = ""
    address: str = ""
    organizer: str = ""
    price: str = ""
    audience: tuple[str, ...] = ()
    age_from: str = ""
    age_to: str = ""
    booking: str = ""
    booking_url: str = ""
    online_url: str = ""
    access: tuple[str, ...] = ()
    access_more: str = ""
    url: str = ""
    image: str = ""
    image_alt: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a field can't be used: a code and what fills its sentence."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


Faults = dict[str, Fault]
