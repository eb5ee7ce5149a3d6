"""The web server: granian with many threads, since waiting requests take one each."""

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from aggregator.config import Settings
from aggregator.supervise import logs

THREADS = 64


def serve(settings: Settings, target: str) -> None:
    """Serve the app that `target` ("module:factory") makes, on loopback, until told to stop."""
    logs.configure()
    server = Server(
        target,
        address="127.0.0.1",
        port=settings.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=2,
        websockets=False,
        log_level=LogLevels.error,  # it warns of 64 threads, which are meant
    )
    server.serve()
