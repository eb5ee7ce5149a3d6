"""Packed answers: for whom, of what, and what stays as it is."""

import gzip

import pytest

from tests.aggregator.web.conftest import Visitor

GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/static/css/components.css", "/calendar"])
def test_what_anybody_may_see_is_packed_and_unpacks_to_the_same(anyone: Visitor, path: str) -> None:
    plain, packed = anyone.client.get(path), anyone.client.get(path, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_known_file_is_not_sent_again_packed_or_not(anyone: Visitor) -> None:
    first = anyone.client.get("/static/css/base.css", headers=GZIP)
    known = {**GZIP, "If-None-Match": first.headers["ETag"]}
    assert anyone.client.get("/static/css/base.css", headers=known).status_code == 304


def test_pages_behind_the_login_are_not_packed(staff: Visitor, anyone: Visitor) -> None:
    assert "Content-Encoding" not in staff.client.get("/inbox", headers=GZIP).headers
    assert "Content-Encoding" not in anyone.client.get("/login", headers=GZIP).headers
