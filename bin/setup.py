"""Makes .venv with the pinned packages, once: `bin/setup run` or `bin/setup dev`.

With uv where there is one; else with a pinned uv that pip brings; else with pip alone. Wheels
only, and only those whose hashes stand in the requirements. A stamp tells what is in place, so
that the next time costs nothing. This file runs before any package is there.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "townboard.json"
PINNED = ("--require-hashes", "--only-binary", ":all:")


def main(wanted: list[str]) -> int:
    """Make .venv hold what `wanted` ("run" or "dev") needs. Returns the exit code."""
    begun = time.monotonic()
    if (remedy := _unfit()) is not None:
        return _end(remedy)
    files = _files("dev" in wanted)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    if not _works():
        uv = shutil.which("uv")
        if uv is None and (remedy := _without_venv()) is not None:
            return _end(remedy)
        _say(f"Making .venv with Python {platform.python_version()}")
        try:
            _make(uv)
        except (OSError, subprocess.CalledProcessError) as error:
            return _end(f"The folder {VENV} can't be made ({error}). May this user write there?")
    if all(_stamp().get(name) == digest for name, digest in digests.items()):
        return 0
    for path in files:
        _say(f"Installing what {path.name} pins; the first time this takes up to a minute")
        if not _install(path):
            return _end(
                "The packages could not be installed; the lines above say why. Does this machine"
                " reach a Python package index? Then run the same again: it goes on where it was."
            )
    STAMP.write_text(json.dumps(_stamp() | digests, indent=1), "utf-8")
    _say(f"Packages are in place (after {time.monotonic() - begun:.0f} s)")
    return 0


def _files(dev: bool) -> list[Path]:
    """The requirements to install, later ones on top of earlier ones."""
    if dev:
        return [ROOT / "requirements-dev.txt"]
    files = [ROOT / "requirements.txt"]
    if _postgres():
        files.append(ROOT / "requirements-postgres.txt")
    return files


def _postgres() -> bool:
    """Whether the settings name a PostgreSQL server; a bad setting is `up`'s to tell."""
    sys.path.insert(0, str(ROOT))
    from aggregator import config  # noqa: PLC0415 (needs the path above)

    try:
        return config.load(os.environ).postgres
    except config.SettingError:
        return False


def _unfit() -> str | None:
    """Why this machine can't run Townboard, with the remedy."""
    if "musl" in (sysconfig.get_config_var("SOABI") or ""):
        return (
            "This system is built on musl (like Alpine), for which the queue's server is not"
            " available. Use a system with glibc, such as Debian, Ubuntu or Fedora."
        )
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        return "Some packages are no longer made for Macs with Intel. Use one with an M processor."
    return None


def _without_venv() -> str | None:
    """What to do where Python comes without what makes a virtual environment."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return None
    return (
        "This Python comes without its venv module. On Debian and Ubuntu:"
        " sudo apt install python3-venv. Or install uv. Then run the same again."
    )


def _works() -> bool:
    """Whether .venv has a Python that runs and is new enough."""
    return _runs("import sys; sys.exit(sys.version_info < (3, 11))")


def _make(uv: str | None) -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if uv is not None:
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)])
    else:
        _run([sys.executable, "-m", "venv", str(VENV)])


def _install(path: Path) -> bool:
    """The pinned packages of one file, by the fastest way that works."""
    uv = shutil.which("uv") or _own_uv()
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    ways = []
    if uv is not None:
        ways.append([uv, "pip", "install", "--python", str(PYTHON), "--compile-bytecode"])
    if _has_pip():
        ways.append([str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"])
    for way in ways:
        try:
            _run([*way, *quiet, *PINNED, "-r", str(path)])
        except (OSError, subprocess.CalledProcessError):
            continue
        return True
    return False


def _own_uv() -> str | None:
    """A uv inside .venv, brought by pip; None where that does not work."""
    uv = VENV / "bin" / "uv"
    if not uv.exists() and _has_pip():
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        with contextlib.suppress(subprocess.CalledProcessError):
            _run([*pip, *PINNED, "-r", str(ROOT / "requirements-setup.txt")])
    return str(uv) if uv.exists() else None


def _has_pip() -> bool:
    return _runs("import pip")


def _runs(code: str) -> bool:
    """Whether .venv's Python runs this, and well."""
    try:
        done = subprocess.run([PYTHON, "-c", code], capture_output=True, check=False)  # noqa: S603
    except OSError:
        return False
    return done.returncode == 0


def _stamp() -> dict[str, str]:
    """Which requirements are in place, by their digests."""
    try:
        found = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _run(line: list[str]) -> None:
    subprocess.run(line, check=True, stdin=subprocess.DEVNULL)  # noqa: S603


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _end(text: str) -> int:
    sys.stderr.write(f"{text}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
