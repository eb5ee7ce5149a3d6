"""The documents tell what the code is: settings, tables, files and links."""

import re
import subprocess
from pathlib import Path

import pytest

from aggregator import config
from aggregator.cli.main import townboard
from aggregator.storage.tables import TABLES

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_readme_lists_every_setting_and_no_other() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", text("README.md"), re.MULTILINE)
    known = re.findall(r'read\(\s*"([A-Z_]+)"', (ROOT / config.__file__).read_text("utf-8"))
    assert sorted(listed) == sorted(known)


def test_the_architecture_names_every_table() -> None:
    named = set(re.findall(r"`([a-z_]+)`", text("docs/architecture.md")))
    assert {table.name for table in TABLES} <= named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_named_is_there(document: Path) -> None:
    for named in re.findall(r"`([\w./]+\.(?:py|tsv|txt|md))`", document.read_text("utf-8")):
        found = [ROOT / named, ROOT / "aggregator" / named, *ROOT.glob(f"*/{named}")]
        assert any(path.exists() for path in found), named


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"`make ([a-z-]+)", document.read_text("utf-8")))
        assert named <= targets


def test_every_group_of_commands_is_documented() -> None:
    documented = text("README.md") + text("docs/operations.md")
    for name in townboard.commands:
        assert re.search(rf"\b{name}\b", documented), name


def test_every_decision_tells_context_decision_and_cost() -> None:
    for path in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        for part in ("**Context.**", "**Decision.**", "**What it costs.**"):
            assert part in path.read_text("utf-8"), path.name


def test_specimens_keep_their_bytes_in_version_control() -> None:
    asked = ["git", "check-attr", "text", "tests/specimens/ical/any.ics"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is no checkout")
    assert done.stdout.strip().endswith("text: unset")
