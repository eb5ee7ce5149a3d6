"""A network for tests: takes posts and keeps them in a list, or says no when it is told to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from networks.errors import NetworkError
from networks.post import Account, Clock, Limits, Network, Post, Receipt, Setting, utc_now
from safehttp.door import Door


@dataclass
class Board:
    """The whole network: what was put up, and what it answers next."""

    posts: list[Post] = field(default_factory=list)
    answers: list[NetworkError] = field(default_factory=list)
    settings: Mapping[str, str] = field(default_factory=dict)

    def connect(
        self,
        settings: Mapping[str, str],
        door: Door,
        clock: Clock = utc_now,
    ) -> "Board":
        """An account there."""
        self.settings = dict(settings)
        return self

    def check(self) -> Account:
        self._answer()
        return Account("@millbrook")

    def limits(self) -> Limits:
        return Limits(300)

    def publish(self, post: Post, within: timedelta) -> Receipt:
        self._answer()
        self.posts.append(post)
        return Receipt(str(len(self.posts)), f"https://board.example/{len(self.posts)}")

    def find(self, post: Post, since: datetime) -> Receipt | None:
        self._answer()
        return None

    def _answer(self) -> None:
        if self.answers:
            raise self.answers.pop(0)

    def network(self) -> Network:
        """As the registry would find it."""
        return Network(
            "board",
            "Town board",
            (
                Setting("server", default="https://board.example"),
                Setting("token", secret=True),
                Setting("key", secret=True, make=lambda: "made-for-you"),
            ),
            timedelta(minutes=2),
            self.connect,
            Limits(300),
        )
