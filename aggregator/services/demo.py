"""What `make demo` begins with: a library, an administrator, two partners, the practice network."""

import secrets

from aggregator.services import accounts, channels, partners, practice
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage.folder import create_private

LIBRARY, ZONE, USER, ACTOR = "Millbrook Public Library", "America/New_York", "ana", "demo"
PARTNERS = (
    ("Millbrook Museum", "/museum/events.ics"),
    ("Harbour Community Centre", "/centre"),
)


def furnish(house: House, site: str) -> tuple[str, str]:
    """Furnish an empty house with what `site` publishes; the administrator's name and password.

    A furnished house is left as it is. The password lies in the demo's own data folder, so that
    a second start can tell it again.
    """
    note = house.settings.data_dir / "demo-password"
    with house.database.reading() as tx:
        if settings.get(tx, "demo"):
            return USER, note.read_text("utf-8").strip()
    password = secrets.token_urlsafe(9)
    note.unlink(missing_ok=True)
    create_private(note, password.encode())
    accounts.add_user(house, USER, password, "administrator", actor=ACTOR)
    with house.database.writing() as tx:
        settings.put(tx, "library", LIBRARY)
        settings.put(tx, "zone", ZONE)
    channels.add(
        house, channels.PRACTICE, "Practice", practice.known(house, channels.PRACTICE), actor=ACTOR
    )
    for name, path in PARTNERS:
        partners.add_source(house, partners.add(house, name, actor=ACTOR), site + path, actor=ACTOR)
    with house.database.writing() as tx:
        settings.put(tx, "demo", True)
    return USER, password
