"""What workers run: each job builds the house once a process, and only delegates."""

from functools import cache

from aggregator import app
from aggregator.services import collecting, deliveries, scouting
from aggregator.services.house import House


def collect() -> None:
    """Ask the partners whose turn it is."""
    collecting.collect(house())


def deliver() -> None:
    """Send the posts whose time has come, and look for those we lost sight of."""
    deliveries.deliver(house())


def look() -> None:
    """Look at the addresses that staff pasted, and find what there is to read."""
    scouting.look(house())


@cache
def house() -> House:
    """This process's house. Made before a worker forks, it opens nothing until after."""
    return app.build(app.settings())
