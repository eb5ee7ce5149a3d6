"""The practice network's server: a Flask blueprint that the web app mounts at /practice.

Pages show posts as they would appear; the interface under /api takes posts, lists them and fails
on command (`faults`). It stands for a server of somebody else: it knows nothing of ours and is
reached over HTTP like any network.

To mount it: `app.register_blueprint(blueprint(store, token), url_prefix="/practice")`. Pages are
GET only and the interface lets in by its token alone, never by a cookie, so the whole blueprint is
exempt from CSRF protection (`csrf.exempt`) and the interface from logging in; who may see the pages
is for the app to say. Its templates stand in templates/practice and extend base.html.
"""

import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from time import sleep

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for

from networks.counting import count
from networks.fields import integer, moment
from networks.parts import paragraphs
from networks.practice.adapter import LIMITS
from networks.practice.faults import Fault
from networks.practice.message import read
from networks.practice.store import Shown, Store

PAGE = 40


def blueprint(
    store: Store, token: str, name: str = "practice", account: str = "Practice library"
) -> Blueprint:
    """The pages and the interface of one practice network; `token` lets the interface's users in.

    `account` is who posts there.
    """
    found = Blueprint(name, __name__)
    Pages(store, account).install(found)
    Interface(store, token, account).install(found)
    return found


class Pages:
    """What people see."""

    def __init__(self, store: Store, account: str) -> None:
        self._store = store
        self._account = account

    def install(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/", "timeline", self.timeline)
        blueprint.add_url_rule("/posts/<int:post_id>", "post", self.post)
        blueprint.add_url_rule("/posts/<int:post_id>/images/<int:position>", "image", self.image)
        blueprint.add_url_rule("/look.css", "look", self.look)

    def timeline(self) -> str:
        """The newest posts."""
        posts = self._store.timeline(PAGE + 1, request.args.get("before", type=_number))
        older = posts[PAGE - 1].id if len(posts) > PAGE else None
        cards = [self._card(post) for post in posts[:PAGE]]
        return render_template(
            "practice/timeline.html", cards=cards, older=older, account=self._account
        )

    def post(self, post_id: int) -> str:
        """One post."""
        post = self._store.post(post_id) or abort(404)
        return render_template("practice/post.html", card=self._card(post), account=self._account)

    def image(self, post_id: int, position: int) -> Response:
        """One picture of a post."""
        image = self._store.image(post_id, position) or abort(404)
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"}
        return Response(image.data, headers=headers, content_type=image.mime)

    def look(self) -> Response:
        """The pages' own style sheet."""
        return send_file(Path(__file__).with_name("look.css"), mimetype="text/css")

    def _card(self, post: Shown) -> dict[str, object]:
        at = post.at
        return {
            "post": post,
            "paragraphs": paragraphs(post.text),
            "time": f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC",
        }


class Interface:
    """What programs ask, with `Authorization: Bearer <token>`; all answers are JSON."""

    def __init__(self, store: Store, token: str, account: str) -> None:
        self._store = store
        self._token = token
        self._account = account

    def install(self, blueprint: Blueprint) -> None:
        """Add the routes."""
        blueprint.add_url_rule("/api/account", "account", self.account)
        blueprint.add_url_rule("/api/posts", "listing", self.listing)
        blueprint.add_url_rule("/api/posts", "publish", self.publish, methods=["POST"])
        blueprint.add_url_rule("/api/faults", "faults", self.faults)
        blueprint.add_url_rule("/api/faults", "fail", self.fail, methods=["POST"])
        blueprint.add_url_rule("/api/faults", "recover", self.recover, methods=["DELETE"])

    def account(self) -> Response:
        """Who posts here, and what fits."""
        self._let_in()
        limits = {"characters": LIMITS.characters, "url_characters": LIMITS.url_characters}
        url = url_for(".timeline", _external=True)
        return _json({"name": self._account, "url": url, "limits": limits})

    def listing(self) -> Response:
        """The account's posts made at or after ?since=, newest first, from below ?before=.

        `next` is the `before` of the next page; `complete` says that the pages reach back.
        """
        self._let_in()
        if (since := moment(request.args, "since")) is None:
            return _problem(400, "since is a time in ISO 8601")
        if (fault := self._store.take_fault(listing=True)) and fault.way.answer == "status":
            return _problem(fault.way.status, "asked to fail")
        posts = self._store.listing(since, PAGE + 1, request.args.get("before", type=_number))
        onward = str(posts[PAGE - 1].id) if len(posts) > PAGE else None
        shown = [] if fault else [_told(post) for post in posts[:PAGE]]
        return _json({"posts": shown, "next": onward, "complete": fault is None})

    def publish(self) -> Response:
        """Make a post, or fail as asked."""
        self._let_in()
        try:
            post = read(_message())
        except ValueError as error:
            return _problem(422, str(error))
        if count(post.text, LIMITS) > LIMITS.characters:
            return _problem(422, f"text is longer than {LIMITS.characters} characters")
        fault = self._store.take_fault(listing=False)
        if fault is None:
            return _json(_told(self._store.add(post)), 201)
        if fault.way.acts:
            made = self._store.add(post, fault.post_late, fault.listing_late)
            return _failing(fault, _told(made))
        return _failing(fault, {})

    def faults(self) -> Response:
        """The faults that are still to come."""
        self._let_in()
        return _json({"faults": [_fault(fault) for fault in self._store.faults()]})

    def fail(self) -> Response:
        """Ask for a fault: {"fault": one of `faults.WAYS`, "times": 1, "seconds": 5}."""
        self._let_in()
        found = _message()
        seconds = found.get("seconds", 5)
        fault = Fault(
            str(found.get("fault")),
            integer(found, "times", default=1),
            float(seconds) if isinstance(seconds, int | float) else -1,
        )
        if problem := fault.problem():
            return _problem(422, problem)
        self._store.ask_for(fault)
        return _json(_fault(fault), 201)

    def recover(self) -> Response:
        """Forget all faults."""
        self._let_in()
        self._store.forget_faults()
        return _json({"faults": []})

    def _let_in(self) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            abort(_problem(401, "a token is needed"))


def _number(text: str) -> int:
    """A number that a row may have. Raises ValueError."""
    number = int(text)
    if abs(number) >= 2**31:
        raise ValueError(f"no post has the number {number}")
    return number


def _message() -> dict[str, object]:
    found = request.get_json(force=True, silent=True)
    return found if isinstance(found, dict) else {}


def _told(post: Shown) -> dict[str, object]:
    return {
        "id": str(post.id),
        "url": url_for(".post", post_id=post.id, _external=True),
        "text": post.text,
        "language": post.language,
        "created_at": post.at.isoformat(),
    }


def _fault(fault: Fault) -> dict[str, object]:
    return {"fault": fault.name, "times": fault.times, "seconds": fault.seconds}


def _failing(fault: Fault, said: dict[str, object]) -> Response:
    """What is answered in place of what should be; said is the true answer."""
    match fault.way.answer:
        case "silence":
            sleep(fault.seconds)
            return _cut()
        case "cut":
            return _cut()
        case "garble":
            return Response("<p>It works!</p>", content_type="text/html")
        case "drip":
            body = json.dumps(said).encode()
            headers = {"Content-Length": str(len(body))}
            return Response(_drops(body, fault.seconds), 201, headers, content_type=_JSON)
        case "status":
            response = _problem(fault.way.status, "asked to fail")
            if fault.way.status == 429:
                response.headers["Retry-After"] = str(round(fault.seconds))
            return response


def _drops(body: bytes, seconds: float) -> Iterator[bytes]:
    """The body a byte at a time, spread over that time."""
    for position in range(len(body)):
        sleep(seconds / len(body))
        yield body[position : position + 1]


def _cut() -> Response:
    """An answer that ends in its middle, because the connection does."""

    def half() -> Iterator[bytes]:
        yield b'{"id": "'
        raise ConnectionAbortedError("asked to cut the connection")

    return Response(half(), 201, {"Content-Length": "200"}, content_type=_JSON)


_JSON = "application/json"


def _json(found: dict[str, object], status: int = 200) -> Response:
    return Response(json.dumps(found), status, content_type=_JSON)


def _problem(status: int, words: str) -> Response:
    return _json({"error": words}, status)
