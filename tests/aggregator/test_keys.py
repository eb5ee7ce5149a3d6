"""Keys are made once, kept, private, and can be changed without losing what they encrypted."""

import multiprocessing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from aggregator import config
from aggregator.storage import keys
from aggregator.storage.errors import FolderError


def test_keys_are_made_on_first_use_and_stay(tmp_path: Path) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path / "data")})
    first, second = keys.load(settings), keys.load(settings)
    assert first.session == second.session
    assert len(first.session) == 64
    assert second.fernet.decrypt(first.fernet.encrypt(b"token")) == b"token"


def test_only_we_can_read_them(tmp_path: Path) -> None:
    keys.load(config.load({"DATA_DIR": str(tmp_path / "data")}))
    modes = {p.name: p.stat().st_mode & 0o777 for p in tmp_path.rglob("*")}
    assert modes == {"data": 0o700, "keys": 0o700, "session.key": 0o600, "fernet.key": 0o600}


def test_a_new_first_line_encrypts_and_the_old_one_still_decrypts(tmp_path: Path) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path)})
    secret = keys.load(settings).fernet.encrypt(b"token")
    path = tmp_path / "keys" / "fernet.key"
    newer = Fernet.generate_key()
    path.write_bytes(newer + b"\n" + path.read_bytes())
    both = keys.load(settings).fernet
    assert both.decrypt(secret) == b"token"
    assert Fernet(newer).decrypt(both.encrypt(b"new")) == b"new"


def _session(path: str) -> bytes:
    return keys.load(config.load({"DATA_DIR": path})).session


def test_processes_that_come_first_at_once_end_with_the_same_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.map(_session, [str(tmp_path / "data")] * 8, chunksize=1))) == 1


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(FolderError) as caught:
        keys.load(config.load({"DATA_DIR": str(tmp_path / "data")}))
    assert caught.value.code == "folder.unwritable"


def test_a_spoilt_key_is_named_and_not_replaced(tmp_path: Path) -> None:
    settings = config.load({"DATA_DIR": str(tmp_path)})
    keys.load(settings)
    path = tmp_path / "keys" / "fernet.key"
    path.write_text("not a key\n")
    with pytest.raises(FolderError) as caught:
        keys.load(settings)
    assert caught.value.code == "keys.unreadable"
    assert path.read_text() == "not a key\n"
