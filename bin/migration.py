"""Draft the next migration from what differs between the tables and the last one.

    bin/migration.py Names of places           the next one: versions/NNNN_names_of_places.py, HEAD
    bin/migration.py --again Names of places   the last one anew, while nobody else has it

Read it and mend it by hand: a draft sees no renaming and moves no data.
"""

import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from aggregator import config
from aggregator.storage import migrate
from aggregator.storage.tables import metadata
from aggregator.storage.types import Instant, Json

TEMPLATE = '''"""{message}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down!r}


def upgrade() -> None:
    """{message}."""
    {body}
'''


def render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our column types as plain ones: a migration imports none of our code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Json):
        return "sa.Text()"
    return False


def main(words: list[str]) -> int:
    versions = migrate.MIGRATIONS / "versions"
    files = sorted(versions.glob("[0-9]*.py"))
    if words[:1] == ["--again"]:
        words.pop(0)
        files.pop().unlink()
    message, number = " ".join(words), len(files) + 1
    down = files[-1].name.partition("_")[0] if files else None
    if not message:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load({"DATA_DIR": folder})
        if down:
            (migrate.MIGRATIONS / "HEAD").write_text(f"{down}\n", "ascii")
            migrate.migrate(settings, datetime.now(UTC), lambda _code, **_params: None)
        with create_engine(settings.database_url).connect() as connection:
            context = MigrationContext.configure(connection, opts={"render_item": render})
            script = produce_migrations(context, metadata)
    if script.upgrade_ops is None or script.upgrade_ops.is_empty():
        sys.stdout.write("Nothing differs.\n")
        return 0
    body = render_python_code(
        script.upgrade_ops, render_as_batch=down is not None, render_item=render
    )
    body = re.sub(r"^ *# ###.*\n?", "", body, flags=re.MULTILINE).strip()
    revision = f"{number:04}"
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")
    path = versions / f"{revision}_{slug}.py"
    drafted = TEMPLATE.format(message=message.rstrip("."), revision=revision, down=down, body=body)
    path.write_text(drafted, "utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "-q", path], check=True)  # noqa: S603
    lines = path.read_text("utf-8").splitlines()
    marked = [f"{line}  # noqa: E501" if len(line) > 100 else line for line in lines]
    path.write_text("\n".join(marked) + "\n", "utf-8")
    (migrate.MIGRATIONS / "HEAD").write_text(f"{revision}\n", "ascii")
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
