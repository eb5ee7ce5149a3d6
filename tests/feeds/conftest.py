"""A door that may ask the site of a test, by exception."""

import pytest
from pytest_httpserver import HTTPServer

from safehttp.door import Door


@pytest.fixture(scope="session")
def httpserver_listen_address() -> tuple[str, int]:
    """The site's address; the system chooses the port."""
    return ("127.0.0.1", 0)


@pytest.fixture
def door(httpserver: HTTPServer) -> Door:
    """A door to that site alone."""
    return Door(
        user_agent="Townboard/test", allow_private=[(httpserver.host, httpserver.port)], within=5
    )
