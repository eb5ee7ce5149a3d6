"""What the tick asks the database: is anything due? The queue only wakes."""

from aggregator.services.house import House
from aggregator.storage import deliveries, events, hosts


def due(house: House) -> set[str]:
    """The names of the jobs that would find something to do now."""
    with house.database.reading() as tx:
        now = house.clock()
        found = set()
        if hosts.due(tx, now) or events.pictures_due(tx, now, 1):
            found.add("collect")
        if deliveries.due(tx, now):
            found.add("deliver")
        return found
