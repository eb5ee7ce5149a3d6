"""The practice network on a loopback port, in a Flask app that holds nothing else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, url_for
from jinja2 import StrictUndefined
from werkzeug.serving import WSGIRequestHandler, make_server

from networks.post import Clock, utc_now
from networks.practice.faults import Fault
from networks.practice.server import blueprint
from networks.practice.store import Store

ROOT = Path(__file__).parents[2]
TOKEN = "practice-token"


@dataclass(frozen=True, slots=True)
class PracticeServer:
    """A running one; `settings` is what its adapter is connected with."""

    url: str
    port: int
    store: Store
    settings: dict[str, str]

    def fail(self, name: str, times: int = 1, seconds: float = 1.0) -> None:
        """Put a fault in the row."""
        self.store.ask_for(Fault(name, times, seconds))

    def copies(self, text: str) -> int:
        """How many posts with this text anybody can see."""
        return [post.text for post in self.store.timeline(most=10_000)].count(text)


def practice_app(store: Store, token: str = TOKEN) -> Flask:
    """A web app with the practice network and what its templates need."""
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.jinja_options = {
        "undefined": StrictUndefined,
        "extensions": ["jinja2.ext.i18n"],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]

    def asset(name: str) -> str:
        return url_for("static", filename=name)

    app.jinja_env.globals.update(asset=asset)
    app.register_blueprint(blueprint(store, token), url_prefix="/practice")
    return app


@contextmanager
def practice_server(
    folder: Path, *, clock: Clock = utc_now, deduplicates: bool = False
) -> Iterator[PracticeServer]:
    """Serve a fresh practice network whose file stands in folder."""
    store = Store(folder / "practice.sqlite", clock=clock, deduplicates=deduplicates)
    server = make_server(
        "127.0.0.1", 0, practice_app(store), threaded=True, request_handler=_Silent
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.port}/practice"
    try:
        yield PracticeServer(url, server.port, store, {"server": url, "token": TOKEN})
    finally:
        server.shutdown()
        thread.join()
        server.socket.close()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 (its own name)
        """Say nothing."""
