"""Share in other words, on some channels, for a group; words of what is queued are changed."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from aggregator import doctor
from aggregator.services import pictures, previewing, queueing, sharing
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.previewing import EVERYONE, Wanted
from aggregator.storage import choices, events, posts
from tests.aggregator.posting import ANA, Posting, posting

OURS = "Come to the story hour on Saturday!"


@pytest.fixture
def here(tmp_path: Path, sqlite_url: str) -> Iterator[Posting]:
    with posting(tmp_path, sqlite_url) as made:
        yield made


@pytest.fixture
def both(tmp_path: Path, database_url: str) -> Iterator[Posting]:
    """On either database."""
    with posting(tmp_path, database_url) as made:
        yield made


def shared(here: Posting, wanted: Wanted, **more: Any) -> None:
    here.share(wanted=wanted, **more)


def test_words_of_staff_go_out_as_they_were_written_and_others_stay_composed(
    both: Posting,
) -> None:
    second = both.connect("Second")
    shared(both, Wanted(words={second: OURS}))
    assert [row.words for row in both.deliveries()] == [None, OURS]
    both.deliver()
    assert sorted(both.posts()) == [OURS, "Story hour\nSat 5 Dec, 2 pm\nHall 1\nWith River Museum"]
    assert doctor.invariants(both.house) == []


def test_words_that_say_what_is_composed_are_no_words_of_staff(here: Posting) -> None:
    [shown] = previewing.preview(here.house, 1).channels
    shared(here, Wanted(words={1: shown.plain.replace("\n", "\r\n") + "\r\n"}))
    assert here.only().words is None


def test_a_post_too_long_for_one_channel_sends_nothing_anywhere(here: Posting) -> None:
    second = here.connect("Second")
    wanted = Wanted(words={second: "x" * 501})
    first, long = previewing.preview(here.house, 1, wanted).channels
    assert (first.composed.fits, long.composed.fits) == (True, False)
    with pytest.raises(ServiceError, match=r"too_long.*Second.*over.: 1"):
        shared(here, wanted)
    assert (here.event().state, here.deliveries()) == ("NEW", [])


def test_too_long_for_a_channel_that_is_left_out_hinders_nobody(here: Posting) -> None:
    second = here.connect("Second")
    shared(here, Wanted(words={second: "x" * 501}, channels=frozenset({1})))
    assert [row.channel_id for row in here.deliveries()] == [1]


def test_a_channel_that_was_left_out_can_be_added_later(here: Posting) -> None:
    here.connect("Second")
    shared(here, Wanted(channels=frozenset({1})))
    assert [name for name, _ in here.share().queued] == ["Second"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(channels=frozenset()), "share.none_chosen"),
        (Wanted(words={1: " \r\n "}), "share.empty"),
    ],
)
def test_nothing_chosen_or_nothing_said_is_not_shared(
    here: Posting, wanted: Wanted, code: str
) -> None:
    with pytest.raises(ServiceError, match=code):
        shared(here, wanted)
    assert here.event().state == "NEW"


def test_what_staff_wrote_is_not_shared_when_the_event_changed_under_it(here: Posting) -> None:
    wanted = Wanted(words={1: OURS})
    looked = previewing.preview(here.house, 1, wanted)
    here.tell("a", location="Hall 2")
    with pytest.raises(ConflictError, match="changed"):
        shared(here, wanted, shown=looked.digest)
    assert here.deliveries() == []


def give_picture(here: Posting, colour: str = "teal") -> str:
    """The event has a picture of ours now."""
    out = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(out, "PNG")
    sha256 = pictures.keep(here.house, out.getvalue(), None)
    with here.house.database.writing() as tx:
        events.change_event(tx, 1, image=sha256)
    return sha256


def test_the_picture_goes_along_with_the_description_of_staff(here: Posting) -> None:
    sha256 = give_picture(here)
    shared(here, Wanted(alt="A fire"))
    assert here.only().frozen["images"] == [{"sha256": sha256, "alt": "A fire"}]
    here.deliver()
    [post] = here.network.store.timeline()
    assert [*post.alts] == ["A fire"]


def test_a_picture_that_was_left_out_stays_out_when_the_post_is_released(here: Posting) -> None:
    give_picture(here)
    here.share(wanted=Wanted(picture=False), post_now=False)
    assert here.only().frozen["images"] == []
    here.tell("a", start="20261205T160000")
    queueing.release(here.house, 1, actor=ANA)
    assert here.only().frozen["images"] == []


def test_a_released_post_keeps_its_description_until_the_event_has_another_picture(
    here: Posting,
) -> None:
    first = give_picture(here)
    here.share(wanted=Wanted(alt="A fire"), post_now=False)
    here.tell("a", start="20261205T160000")
    queueing.release(here.house, 1, actor=ANA)
    assert here.only().frozen["images"] == [{"sha256": first, "alt": "A fire"}]
    other = give_picture(here, "red")
    here.tell("a", start="20261205T170000")
    queueing.release(here.house, 1, actor=ANA)
    assert here.only().frozen["images"] == [{"sha256": other, "alt": "Story hour"}]


def tag(here: Posting, audience: str, *, hashtags: tuple[str, ...] = ()) -> int:
    """A group whose posts carry these hashtags."""
    with here.house.database.writing() as tx:
        group = choices.find(tx, "audience", audience)
        assert group is not None
        choices.add(tx, "hashtags", name=audience, tags=[*hashtags], audience_id=group.id)
    return int(group.id)


def test_hashtags_of_the_group_join_the_post_and_the_group_is_on_record(both: Posting) -> None:
    teens = tag(both, "Teens", hashtags=("MillbrookTeens",))
    wanted = Wanted(audience_id=teens)
    shared(both, wanted)
    both.deliver()
    assert both.posts()[0].endswith("\n#MillbrookTeens")
    with both.house.database.reading() as tx:
        post = posts.by_id(tx, both.only().post_id)
        assert post is not None
        first = choices.purposes(tx)[0]
    assert (post.audience_id, post.purpose_id, first.name) == (
        teens,
        first.id,
        "Invite to an event",
    )


def test_a_post_for_everyone_carries_no_groups_hashtags(here: Posting) -> None:
    tag(here, "Teens", hashtags=("MillbrookTeens",))
    shared(here, Wanted(audience_id=EVERYONE))
    assert "#" not in here.only().frozen["text"]


# Other words for what is queued


def test_a_queued_post_is_reworded_and_goes_out_so(here: Posting) -> None:
    here.share(post_now=False)
    sharing.reword(here.house, 1, f"{OURS}\r\n", actor=ANA)
    assert (here.only().words, here.only().state) == (OURS, "QUEUED")
    here.deliver(hours=1)
    assert here.posts() == [OURS]
    assert doctor.invariants(here.house) == []


def test_without_words_it_is_composed_again(here: Posting) -> None:
    [shown] = previewing.preview(here.house, 1).channels
    here.share(wanted=Wanted(words={1: OURS}), post_now=False)
    sharing.reword(here.house, 1, None, actor=ANA)
    assert (here.only().words, here.only().frozen["text"]) == (None, shown.plain)


def test_too_long_words_change_nothing(here: Posting) -> None:
    here.share(post_now=False)
    before = here.only().frozen
    with pytest.raises(ServiceError, match="too_long"):
        sharing.reword(here.house, 1, "x" * 501, actor=ANA)
    assert here.only().frozen == before


def test_what_is_out_or_not_there_is_not_reworded(here: Posting) -> None:
    here.share()
    here.deliver()
    with pytest.raises(ConflictError, match="moved"):
        sharing.reword(here.house, 1, OURS, actor=ANA)
    with pytest.raises(MissingError):
        sharing.reword(here.house, 99, OURS, actor=ANA)
    assert len(here.posts()) == 1


def test_held_words_of_staff_are_released_as_they_wrote_them(here: Posting) -> None:
    here.share(wanted=Wanted(words={1: OURS}), post_now=False)
    here.tell("a", start="20261205T160000")
    assert (here.only().state, here.only().words) == ("HELD", OURS)
    queueing.release(here.house, 1, actor=ANA)
    here.deliver(hours=1)
    assert here.posts() == [OURS]
    assert doctor.invariants(here.house) == []


def test_a_held_post_that_is_reworded_stays_held_until_it_is_released(both: Posting) -> None:
    both.share(post_now=False)
    both.tell("a", start="20261205T160000")
    sharing.reword(both.house, 1, "Story hour, now at four!", actor=ANA)
    assert both.only().state == "HELD"
    both.deliver(minutes=10)
    assert both.posts() == []
    queueing.release(both.house, 1, actor=ANA)
    both.deliver(hours=1)
    assert both.posts() == ["Story hour, now at four!"]


def test_a_released_post_keeps_its_group(here: Posting) -> None:
    teens = tag(here, "Teens", hashtags=("MillbrookTeens",))
    here.share(wanted=Wanted(audience_id=teens), post_now=False)
    here.tell("a", start="20261205T160000")
    queueing.release(here.house, 1, actor=ANA)
    assert here.only().frozen["text"].endswith("\n#MillbrookTeens")
