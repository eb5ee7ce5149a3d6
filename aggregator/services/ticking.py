"""What the tick asks the database: is anything due? The queue only wakes."""

from aggregator.services.house import House
from aggregator.services.owners import is_dead, machine
from aggregator.storage import deliveries, events, hosts, lookups
from aggregator.storage import house as settings


def due(house: House) -> set[str]:
    """The names of the jobs that would find something to do now."""
    with house.database.reading() as tx:
        now = house.clock()
        found = set()
        behind = settings.marked(tx, "derive") is not None
        if hosts.due(tx, now) or events.pictures_due(tx, now, 1) or behind:
            found.add("collect")
        if deliveries.due(tx, now):
            found.add("deliver")
        if lookups.is_due(tx, now):
            found.add("look")
        return found


def free(house: House) -> int:
    """Give back the hosts and links whose owner on this machine was killed, before a lease ends.

    Only these: a post that may have gone out waits for its lease, whoever died.
    """
    with house.database.reading() as tx:
        held = hosts.held_by(tx, machine(), house.clock())
        looked_at = lookups.held_by(tx, machine(), house.clock())
    dead = [each for each in held if is_dead(each.by)]
    left = [each for each in looked_at if is_dead(each.claim_by)]
    if dead or left:
        with house.database.writing() as tx:
            for each in dead:
                hosts.release(tx, each, house.clock())
            for link in left:
                lookups.let_go(tx, link.id, link.claim_by)
    return len(dead) + len(left)
