"""What happens before any package is there: bin/setup finds a Python and makes .venv."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As much of the project as the set-up reads."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / "bin", folder / "bin")
    (folder / "aggregator").mkdir()
    for name in ("aggregator/__init__.py", "aggregator/config.py"):
        shutil.copy(ROOT / name, folder / name)
    for path in ROOT.glob("requirements*.txt"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """The only folder on PATH."""
    (tmp_path / "programs").mkdir()
    return tmp_path / "programs"


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def set_up(
    clone: Path, programs: Path, *wanted: str, **environ: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", clone / "bin" / "setup", *(wanted or ("run",))],
        env={"PATH": str(programs)} | environ,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def instead(clone: Path, code: str) -> "subprocess.CompletedProcess[str]":
    """The set-up on a machine that differs from this one by what code does."""
    line = f"import sys; sys.path.insert(0, 'bin'); {code}; import setup; sys.exit(setup.main([]))"
    return subprocess.run(
        [sys.executable, "-c", line],
        cwd=clone,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def installed(clone: Path, *names: str) -> None:
    """A .venv in which these requirements are in place."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    digests = {name: hashlib.sha256((clone / name).read_bytes()).hexdigest() for name in names}
    (clone / ".venv" / "townboard.json").write_text(json.dumps(digests))


def a_uv(programs: Path, code: int = 0) -> Path:
    """A uv that only notes how it is called; returns its notes."""
    notes = programs.parent / "called"
    script(programs / "uv", f'echo "$*" >> {notes}\nexit {code}')
    (programs / "python3").symlink_to(sys.executable)
    return notes


def test_an_old_python_is_named_with_the_remedy(clone: Path, programs: Path) -> None:
    script(programs / "python3", 'case "$2" in *platform*) echo 3.9.2;; *) exit 1;; esac')
    done = set_up(clone, programs)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Townboard needs Python 3.11 or newer; the newest here is 3.9.2. Install it, then name"
        " it: PYTHON=python3.12 make run\n"
    )


def test_no_python_at_all_is_said(clone: Path, programs: Path) -> None:
    done = set_up(clone, programs)
    assert done.returncode == 1
    assert done.stderr.startswith("Townboard needs Python 3.11 or newer; there is none here.")


def test_a_newer_python_beside_an_old_one_is_found(clone: Path, programs: Path) -> None:
    script(programs / "python3", "exit 1")
    (programs / "python3.13").symlink_to(sys.executable)
    installed(clone, "requirements.txt")
    assert set_up(clone, programs).returncode == 0


def test_a_python_without_venv_gets_the_remedy(clone: Path) -> None:
    done = instead(
        clone,
        "import importlib.util as u; f = u.find_spec;"
        " u.find_spec = lambda name: None if name == 'ensurepip' else f(name)",
    )
    assert done.returncode == 1
    assert "sudo apt install python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_musl_and_intel_macs_are_told_that_they_can_not(clone: Path) -> None:
    musl = (
        "import sysconfig; sysconfig.get_config_var = lambda name: 'cpython-312-x86_64-linux-musl'"
    )
    done = instead(clone, musl)
    assert done.returncode == 1
    assert "Use a system with glibc" in done.stderr
    mac = (
        "import platform, sysconfig; sysconfig.get_config_vars();"
        " sys.platform = 'darwin'; platform.machine = lambda: 'x86_64'"
    )
    assert "no longer made for Macs with Intel" in instead(clone, mac).stderr


def test_a_folder_that_can_not_be_made_is_named(clone: Path, programs: Path) -> None:
    a_uv(programs, code=2)
    done = set_up(clone, programs)
    assert done.returncode == 1
    assert f"The folder {clone / '.venv'} can't be made" in done.stderr


def test_what_is_in_place_costs_nothing(clone: Path, programs: Path) -> None:
    notes = a_uv(programs)
    installed(clone, "requirements.txt")
    done = set_up(clone, programs)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not notes.exists()


def test_changed_requirements_are_installed_with_hashes_and_wheels_only(
    clone: Path, programs: Path
) -> None:
    notes = a_uv(programs)
    installed(clone, "requirements.txt")
    with (clone / "requirements.txt").open("a") as file:
        file.write("# newer\n")
    assert set_up(clone, programs).returncode == 0
    [call] = notes.read_text().splitlines()
    assert call.startswith("pip install --python ")
    assert "--require-hashes --only-binary :all:" in call
    assert call.endswith(f"-r {clone / 'requirements.txt'}")
    assert set_up(clone, programs).stdout == ""


def test_postgresql_brings_its_own_requirements(clone: Path, programs: Path) -> None:
    notes = a_uv(programs)
    installed(clone, "requirements.txt")
    url = "postgresql://town@127.0.0.1/town"
    assert set_up(clone, programs, DATABASE_URL=url).returncode == 0
    assert notes.read_text().rstrip().endswith("requirements-postgres.txt")


def test_an_install_that_fails_says_so_and_is_tried_again(clone: Path, programs: Path) -> None:
    notes = a_uv(programs, code=1)
    installed(clone)
    (clone / ".venv" / "bin" / "python").unlink()
    script(clone / ".venv" / "bin" / "python", 'case "$2" in *pip*) exit 1;; esac')
    for _ in range(2):
        done = set_up(clone, programs)
        assert done.returncode == 1
        assert "The packages could not be installed" in done.stderr
    assert len(notes.read_text().splitlines()) == 2


def test_all_requirements_agree_on_every_version() -> None:
    pinned: dict[str, set[str]] = {}
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text().splitlines():
            if "==" in line and line[0].isalnum():
                pin, _, where = line.rstrip(" \\").partition(" ; ")
                name, _, version = pin.partition("==")
                pinned.setdefault(f"{name} {where}", set()).add(version)
    assert {name: versions for name, versions in pinned.items() if len(versions) > 1} == {}


def test_every_target_of_the_makefile_says_what_it_is_for() -> None:
    lines = (ROOT / "Makefile").read_text().splitlines()
    [phony] = [line.partition(": ")[2].split() for line in lines if line.startswith(".PHONY")]
    told = {line.partition(":")[0] for line in lines if " ## " in line}
    assert {*phony} == told
