"""A post without an event: counted everywhere, queued once, taken back; and its picture."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from aggregator import doctor
from aggregator.domain.starters import STARTERS, gap, starter
from aggregator.services import pictures, sharing, uploads, writing
from aggregator.services.errors import ConflictError, MissingError, ServiceError
from aggregator.services.writing import Draft, Looked, Written
from aggregator.storage import channels, choices, media, posts
from tests.aggregator.posting import ANA, Posting, posting

KEY = "01K9ZZZZZZZZZZZZZZZZZZZZZZ"
SNOW = Draft("We are closed today: snow.", link="https://library.example/snow")


@pytest.fixture
def here(tmp_path: Path, sqlite_url: str) -> Iterator[Posting]:
    with posting(tmp_path, sqlite_url) as made:
        yield made


@pytest.fixture
def both(tmp_path: Path, database_url: str) -> Iterator[Posting]:
    """On either database."""
    with posting(tmp_path, database_url) as made:
        yield made


def look(here: Posting, draft: Draft) -> Looked:
    with here.house.database.reading() as tx:
        return writing.look(here.house, tx, draft, here.clock.now)


def write(here: Posting, draft: Draft, key: str = KEY) -> Written:
    """Look at it, then queue it."""
    shown = look(here, draft).digest
    return writing.write(here.house, draft, actor=ANA, key=key, shown=shown)


def a_picture(here: Posting, size: tuple[int, int] = (30, 20)) -> str:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    return uploads.keep(here.house, out.getvalue())


def test_what_is_written_goes_out_at_the_next_slot_with_link_and_hashtags(both: Posting) -> None:
    with both.house.database.writing() as tx:
        every = choices.find(tx, "hashtags", "Every post")
        assert every is not None
        choices.change(tx, "hashtags", every.id, tags=["Millbrook"])
    made = write(both, SNOW)
    [(name, due)] = made.queued
    assert (name, due > both.clock.now) == ("Practice", True)
    assert both.posts() == []
    both.deliver(minutes=1)
    assert both.posts() == [f"{SNOW.text}\n{SNOW.link}\n#Millbrook"]
    assert both.only().state == "SENT"
    assert doctor.invariants(both.house) == []


def test_a_post_without_an_event_is_on_record_with_what_it_is_for(here: Posting) -> None:
    with here.house.database.reading() as tx:
        purpose, group = choices.purposes(tx)[1], choices.audiences(tx)[2]
    made = write(here, replace(SNOW, purpose_id=purpose.id, audience_id=group.id))
    with here.house.database.reading() as tx:
        post = posts.by_pid(tx, made.pid)
    assert post is not None
    assert (post.event_id, post.moment, post.words) == (None, "free", SNOW.text)
    assert (post.purpose_id, post.audience_id, post.link) == (purpose.id, group.id, SNOW.link)


def test_now_is_now_and_a_chosen_time_is_kept(here: Posting) -> None:
    at = here.clock.now + timedelta(days=3)
    write(here, replace(SNOW, when=at))
    assert here.only().due_at == at
    write(here, replace(SNOW, when="now"), KEY.replace("9", "8"))
    here.deliver()
    assert [row.state for row in here.deliveries()] == ["QUEUED", "SENT"]


def test_a_second_click_posts_nothing_twice(both: Posting) -> None:
    first, second = write(both, SNOW), write(both, SNOW)
    assert second == first
    both.deliver(minutes=2)
    assert write(both, SNOW).pid == first.pid
    both.deliver(minutes=2)
    assert len(both.posts()) == 1


def test_another_form_with_the_same_words_is_another_post(here: Posting) -> None:
    write(here, SNOW)
    write(here, SNOW, KEY.replace("9", "8"))
    here.deliver(minutes=3)
    assert len(here.posts()) == 2


def test_what_was_not_looked_at_is_not_queued(here: Posting) -> None:
    shown = look(here, SNOW).digest
    other = replace(SNOW, text=f"{SNOW.text} Sorry!")
    for seen in ("", shown):
        with pytest.raises(ConflictError, match=r"write\.look"):
            writing.write(here.house, other, actor=ANA, key=KEY, shown=seen)
    assert here.deliveries() == []


@pytest.mark.parametrize("key", ["", "1::announce:1", "short", KEY.lower()])
def test_a_key_that_is_none_of_ours_is_refused(here: Posting, key: str) -> None:
    with pytest.raises(ServiceError, match=r"write\.form"):
        writing.write(here.house, SNOW, actor=ANA, key=key, shown=look(here, SNOW).digest)


def test_each_channel_may_have_its_own_words_and_may_be_left_out(here: Posting) -> None:
    second, _third = here.connect("Second"), here.connect("Third")
    draft = replace(SNOW, words={second: "Snow!"}, channels=frozenset({1, second}))
    write(here, draft)
    assert [(row.channel_id, row.words) for row in here.deliveries()] == [
        (1, None),
        (second, "Snow!"),
    ]


def test_too_long_for_one_channel_queues_nothing_anywhere(here: Posting) -> None:
    second = here.connect("Second")
    with pytest.raises(ServiceError, match="too_long"):
        write(here, replace(SNOW, words={second: "x" * 501}))
    assert here.deliveries() == []


def test_words_of_a_person_are_never_cut_and_hashtags_leave_first(here: Posting) -> None:
    with here.house.database.writing() as tx:
        every = choices.find(tx, "hashtags", "Every post")
        assert every is not None
        choices.change(tx, "hashtags", every.id, tags=["Millbrook"])
    [fits] = look(here, Draft("x" * 495)).channels
    assert (fits.composed.text, fits.composed.fits) == ("x" * 495, True)
    [long] = look(here, Draft("x" * 501)).channels
    assert (long.composed.count, long.composed.fits) == (501, False)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft(" \n "), "write.empty"),
        (Draft("We open again [day and time]."), "write.gap"),
        (replace(SNOW, when=datetime(2026, 11, 1, tzinfo=UTC)), "write.past"),
        (replace(SNOW, when=datetime(2028, 11, 1, tzinfo=UTC)), "write.far"),
        (replace(SNOW, channels=frozenset()), "share.none_chosen"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_queued(
    here: Posting, draft: Draft, code: str
) -> None:
    with pytest.raises(ServiceError, match=code):
        write(here, draft)
    assert here.deliveries() == []


def test_brackets_of_ones_own_are_no_gap() -> None:
    assert gap("Bring a friend [or two]") is None
    assert all(gap(each.text) for each in STARTERS)
    assert starter("nothing") is None


def test_quiet_hours_are_said(here: Posting) -> None:
    with here.house.database.writing() as tx:
        channels.change(tx, 1, quiet=["21:00", "08:00"])
    night = datetime(2026, 11, 25, 4, tzinfo=UTC)  # eleven in the evening
    assert look(here, replace(SNOW, when=night)).quiet == {1}
    assert look(here, SNOW).quiet == set()


def test_undo_withdraws_what_waits_and_says_what_is_out(both: Posting) -> None:
    second = both.connect("Second")
    made = write(both, replace(SNOW, when="now"))
    both.deliver()
    late = write(both, replace(SNOW, channels=frozenset({second})), KEY.replace("9", "8"))
    assert writing.undo(both.house, made.pid, actor=ANA) == 2
    assert writing.undo(both.house, late.pid, actor=ANA) == 0
    both.deliver(minutes=5)
    assert [row.state for row in both.deliveries()] == ["SENT", "SENT", "CANCELLED"]
    assert doctor.invariants(both.house) == []


def test_only_a_written_post_is_taken_back_so(here: Posting) -> None:
    here.share(post_now=False)
    with here.house.database.reading() as tx:
        post = posts.by_id(tx, here.only().post_id)
    assert post is not None
    for pid in (post.pid, "nothing"):
        with pytest.raises(MissingError):
            writing.undo(here.house, pid, actor=ANA)
    assert here.only().state == "QUEUED"


def test_a_written_post_is_reworded_while_it_waits(here: Posting) -> None:
    write(here, SNOW)
    sharing.reword(here.house, 1, "Snow!", actor=ANA)
    assert here.only().frozen["text"] == "Snow!"
    sharing.reword(here.house, 1, "", actor=ANA)
    assert here.only().frozen["text"] == f"{SNOW.text}\n{SNOW.link}"
    assert here.only().words is None


# Pictures


def test_a_picture_goes_along_with_its_description(here: Posting) -> None:
    write(here, replace(SNOW, image=a_picture(here), alt="A door in the snow", when="now"))
    here.deliver()
    [post] = here.network.store.timeline()
    assert [*post.alts] == ["A door in the snow"]


def test_a_picture_needs_a_description(here: Posting) -> None:
    with pytest.raises(ServiceError, match=r"write\.alt"):
        write(here, replace(SNOW, image=a_picture(here), alt=" "))


def test_a_picture_that_is_none_of_ours_is_left_out(here: Posting) -> None:
    assert look(here, replace(SNOW, image="0" * 64)).image is None


def test_what_a_camera_noted_is_taken_out(here: Posting) -> None:
    noted = Image.Exif()
    noted[0x010F] = "Camera of Ana"
    out = io.BytesIO()
    Image.new("RGB", (2400, 1200), "teal").save(out, "JPEG", exif=noted)
    assert b"Camera of Ana" in out.getvalue()
    sha256 = uploads.keep(here.house, out.getvalue())
    kept = pictures.load(here.house, sha256)
    assert kept is not None
    assert b"Camera of Ana" not in kept
    with here.house.database.reading() as tx:
        row = media.by_digest(tx, sha256)
    assert row is not None
    assert (row.width, row.height) == (1600, 800)


def bomb() -> bytes:
    """A small file that unfolds to 100 million pixels."""
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "upload.empty"),
        (b"no picture at all", "upload.kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload.kind"),
        (b"x" * (uploads.LIMIT + 1), "upload.big"),
        (bomb(), "upload.pixels"),
    ],
    ids=["empty", "words", "svg", "big", "bomb"],
)
def test_a_file_that_is_no_picture_for_us_is_refused_in_words(
    here: Posting, data: bytes, code: str
) -> None:
    with pytest.raises(ServiceError, match=code):
        uploads.keep(here.house, data)
