"""What the tick asks the database: is anything due? The queue only wakes."""

from aggregator.services.house import House
from aggregator.services.owners import is_dead, machine
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


def free(house: House) -> int:
    """Give back the hosts whose owner on this machine was killed, before their lease ends.

    Only hosts: a post that may have gone out waits for its lease, whoever died.
    """
    with house.database.reading() as tx:
        held = hosts.held_by(tx, machine(), house.clock())
    dead = [each for each in held if is_dead(each.by)]
    if dead:
        with house.database.writing() as tx:
            for each in dead:
                hosts.release(tx, each, house.clock())
    return len(dead)
