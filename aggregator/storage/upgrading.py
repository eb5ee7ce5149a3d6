"""Alembic, imported only when tables are made or changed: it costs a start a tenth of a second."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(migrations: Path, connection: Connection) -> None:
    """Run what is missing of `migrations`, within the transaction of connection."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
