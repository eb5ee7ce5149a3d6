"""The pictures of docs/screens: each page that there is has one, and each is there and small."""

from pathlib import Path

from PIL import Image

from aggregator import access
from aggregator.web import factory
from tests.support.houses import make_house
from tests.support.screens.table import NO_PICTURE, SCREENS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screens"

#: Shown by no address of their own: what went wrong, and a letter that was read.
ANSWERS = {"", "entering.read"}


def files() -> set[str]:
    return {f"{each.name}{look}.png" for each in SCREENS for look in each.looks}


def test_every_page_has_a_picture_or_a_reason_for_none(tmp_path: Path, sqlite_url: str) -> None:
    house = make_house(tmp_path, sqlite_url)
    rules = factory.web(house).url_map.iter_rules()
    house.database.close()
    pages = {each.endpoint for each in rules if "GET" in (each.methods or ())}
    pages &= {*access.ENDPOINTS}
    shown = {each.endpoint for each in SCREENS} - ANSWERS
    assert shown | {*NO_PICTURE} == pages
    assert shown & {*NO_PICTURE} == set()


def test_every_picture_is_there_and_no_other() -> None:
    assert {path.name for path in FOLDER.glob("*.png")} == files()
    listed = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in files() if f"({name})" not in listed] == []


def test_pictures_are_small() -> None:
    sizes = {name: (FOLDER / name).stat().st_size for name in files()}
    assert {name: size for name, size in sizes.items() if size > 90_000} == {}
    assert sum(sizes.values()) < 4_000_000


def test_no_picture_is_of_one_colour_alone() -> None:
    for name in sorted(files()):
        with Image.open(FOLDER / name) as picture:
            assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 8, name
