"""How far an event is from the nearest branch, where that says something."""

from aggregator.domain.distance import nearest, point
from aggregator.web.public.around import Around
from aggregator.web.telling import Facts
from words.far import far
from words.say import translate as _

#: In metres: nearer than this it is the branch, and farther nobody thinks of it.
LEAST, MOST = 80, 30_000


def near(facts: Facts, about: Around) -> str:
    """ "300 m from Main Library"; "" where coordinates are missing or the place is the branch."""
    place = facts["location"] or {}
    branches = (point(each.latitude, each.longitude, each.name) for each in about.branches)
    known = [each for each in branches if each is not None]
    found = nearest(point(place.get("latitude"), place.get("longitude")), known)
    if found is None or not LEAST <= found.metres <= MOST or facts["attendance"] == "ONLINE":
        return ""
    return _("{distance} from {branch}").format(
        distance=far(found.metres, about.zone.key), branch=found.name
    )
