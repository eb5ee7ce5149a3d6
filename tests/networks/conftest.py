"""The networks on their stages; the slow-starting Mastodon server is shared by all tests."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from networks.post import Post
from tests.networks.stages import MastodonStage, Stage, practice_stage, webhook_stage
from tests.support.mastodon_server import MastodonServer, mastodon_server
from tests.support.proxy import Proxy

NETWORKS = ("practice", "mastodon", "webhook")


@pytest.fixture(scope="session")
def mastodon() -> Iterator[MastodonServer]:
    with mastodon_server() as server:
        yield server


@pytest.fixture
def mastodon_stage(mastodon: MastodonServer) -> Iterator[MastodonStage]:
    with Proxy(mastodon.url) as proxy:
        yield MastodonStage(proxy, mastodon)


@pytest.fixture(params=NETWORKS)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """Each network in turn."""
    if request.param == "mastodon":
        yield request.getfixturevalue("mastodon_stage")
    elif request.param == "practice":
        with practice_stage(tmp_path) as practice:
            yield practice
    else:
        with webhook_stage() as webhook:
            yield webhook


@pytest.fixture
def post() -> Post:
    """A post with all that is rewritten on the way, whose words nobody else uses."""
    mark = uuid4().hex
    text = (
        f"Stories & cocoa {mark}\nSat 12 Dec, 2–3 pm\n\n"
        "With <River Museum>: https://example.org/winter/stories?ref=a&b=c (free)\n#Families"
    )
    return Post(f"7:2026-12-12T14:00:00:announce:{mark}", text, "https://example.org/winter", "en")
