"""Every request of ours is one that Mastodon's own description of its interface allows."""

import json
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator

from networks.post import Image, Post
from tests.networks.stages import MastodonStage
from tests.support.scripted import Said, Seen, Trick

CONTRACT = Path(__file__).parents[3] / "shared/contracts/mastodon-openapi.json"
SOON = timedelta(seconds=5)


@pytest.fixture(scope="session")
def contract() -> dict[str, Any]:
    if not CONTRACT.exists():
        pytest.skip("the description of Mastodon's interface is not beside the project")
    found: dict[str, Any] = json.loads(CONTRACT.read_text("utf-8"))
    return found


def all_requests(stage: MastodonStage, post: Post) -> list[Seen]:
    """One of each kind that the adapter sends."""
    picture = Image(b"data", "image/png", "A fire")
    stage.proxy.play(
        Trick(Said(202, b'{"id": "77"}'), "POST", "/media"),
        Trick(Said(200, b'{"id": "77"}'), "GET", "/media/77"),
    )
    stage.adapter.check()
    stage.adapter.limits()
    since = datetime.now(UTC)
    stage.adapter.publish(Post(post.key, post.text, language="en", images=(picture,)), SOON)
    stage.adapter.find(Post("other", "Nobody wrote this"), since)
    return stage.proxy.seen


def test_every_request_is_described(
    mastodon_stage: MastodonStage, post: Post, contract: dict[str, Any]
) -> None:
    seen = all_requests(mastodon_stage, post)
    for each in seen:
        check(each, contract)
    assert {
        (each.method, re.sub(r"\d{2,}", "{id}", urlsplit(each.path).path)) for each in seen
    } == {
        ("GET", "/api/v1/accounts/verify_credentials"),
        ("GET", "/api/v2/instance"),
        ("POST", "/api/v2/media"),
        ("GET", "/api/v1/media/{id}"),
        ("POST", "/api/v1/statuses"),
        ("GET", "/api/v1/accounts/{id}/statuses"),
    }


@pytest.mark.parametrize(
    "seen",
    [
        Seen("POST", "/api/v1/statuses", {"content-type": "application/json"}, b'{"status": 7}'),
        Seen("GET", "/api/v1/accounts/7/statuses?newest=40", {}, b""),
        Seen("GET", "/api/v1/posts", {}, b""),
    ],
)
def test_the_check_finds_what_is_not_described(contract: dict[str, Any], seen: Seen) -> None:
    with pytest.raises((AssertionError, StopIteration)):
        check(seen, contract)


def check(seen: Seen, contract: dict[str, Any]) -> None:
    """Path, method, query and body against the description."""
    path = urlsplit(seen.path).path
    described = next(item for template, item in contract["paths"].items() if _fits(template, path))[
        seen.method.lower()
    ]
    queries = {each["name"] for each in described.get("parameters", []) if each["in"] == "query"}
    assert {name for name, _ in parse_qsl(urlsplit(seen.path).query)} <= queries
    if not seen.body:
        assert not described.get("requestBody", {}).get("required")
        return
    media_type, fields = _body(seen)
    schema = described["requestBody"]["content"][media_type]["schema"]
    if "oneOf" in schema:  # a status with words and pictures is both of its kinds
        schema = {"anyOf": schema["oneOf"]}
    whole = {"$ref": "#/body", "body": schema, "components": contract["components"]}
    problems = [error.message for error in Draft202012Validator(whole).iter_errors(fields)]
    assert problems == []
    assert set(fields) <= _properties(schema, contract)


def _fits(template: str, path: str) -> bool:
    """Literal paths come before those with an id, as they stand in the description."""
    pattern = re.sub(r"{\w+}", r"\\d+", template)
    return re.fullmatch(pattern, path) is not None


def _body(seen: Seen) -> tuple[str, dict[str, Any]]:
    header = Message()
    header["content-type"] = seen.headers["content-type"]
    if header.get_content_type() == "application/json":
        return "application/json", json.loads(seen.body)
    whole = message_from_bytes(
        f"Content-Type: {seen.headers['content-type']}\r\n\r\n".encode() + seen.body
    )
    parts = whole.get_payload()
    assert isinstance(parts, list)
    fields = {
        str(part.get_param("name", header="content-disposition")): str(part.get_payload())
        for part in parts
        if isinstance(part, Message)
    }
    return header.get_content_type(), fields


def _properties(schema: dict[str, Any], contract: dict[str, Any]) -> set[str]:
    """Every field that some kind of the body has."""
    if "$ref" in schema:
        schema = contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    found = set(schema.get("properties", {}))
    for kinds in ("oneOf", "anyOf", "allOf"):
        for each in schema.get(kinds, []):
            found |= _properties(each, contract)
    return found
