"""The kinds of places where a person puts a post up, and what each needs.

Facebook lets programs post to pages only after an app review, to groups and as events not at all
(developers.facebook.com/docs/groups-api: gone since April 2024; the Events API makes none). Papers
take an e-mail and count words.
"""

from dataclasses import dataclass

from networks.post import Limits

#: The form "Create event" on Facebook, in its order, and the cover picture that it asks for.
EVENT_FORM = ("name", "starts", "ends", "place", "details", "tickets")
EVENT_COVER = (1920, 1005)


@dataclass(frozen=True, slots=True)
class Kind:
    """What fits there unless the library says otherwise, and where it is put up."""

    limits: Limits
    opens: str | None = None
    fields: tuple[str, ...] = ()
    cover: tuple[int, int] | None = None


KINDS = {
    "page": Kind(Limits(2_000), "https://www.facebook.com/"),
    "group": Kind(Limits(2_000), "https://www.facebook.com/groups/feed/"),
    "event": Kind(
        Limits(5_000), "https://www.facebook.com/events/create/", EVENT_FORM, EVENT_COVER
    ),
    "paper": Kind(Limits(120, unit="words")),
    "other": Kind(Limits(1_000)),
}
