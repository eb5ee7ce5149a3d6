"""Coming in: the set-up link, logging in and out, and what ends a login."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import update

from aggregator.services import accounts
from aggregator.services.house import House
from aggregator.storage import house as settings
from aggregator.storage import places, tables, users
from tests.aggregator.web.conftest import Visitor, text
from tests.aggregator.web.town import PASSWORD, Town
from tests.support.houses import Clock

TYPED = {
    "library": "Wren Street Library",
    "zone": "Europe/Berlin",
    "name": "Ana",
    "password": PASSWORD,
}


def _path(house: House) -> str:
    link = accounts.set_up_link(house)
    assert link is not None
    assert link.startswith("http://127.0.0.1:8000/begin/")
    return link.removeprefix("http://127.0.0.1:8000")


def test_set_up_link_names_the_library_and_lets_its_administrator_in(
    house: House, anyone: Visitor
) -> None:
    path = _path(house)
    onward = anyone.follow(anyone.send(anyone.get(path), path, **TYPED))
    assert "Whose events shall we read?" in text(onward)
    anyone.get("/channels")  # an administrator's page
    with house.database.reading() as tx:
        assert settings.get(tx, "library") == "Wren Street Library"
        assert settings.get(tx, "zone") == "Europe/Berlin"


def test_used_set_up_link_is_told_so_and_makes_nobody(house: House, anyone: Visitor) -> None:
    path = _path(house)
    page = anyone.get(path)
    anyone.send(page, path, **TYPED)
    assert "no longer works" in text(anyone.get(path, 404))
    again = anyone.send(page, path, **TYPED | {"name": "Eve"})
    assert again.status_code in {400, 404}
    with pytest.raises(accounts.WrongError):
        accounts.log_in(house, "Eve", PASSWORD, "192.0.2.1")


def test_used_set_up_link_stays_dead_when_its_administrator_is_gone(
    house: House, anyone: Visitor
) -> None:
    path = _path(house)
    anyone.send(anyone.get(path), path, **TYPED)
    with house.database.writing() as tx:
        tx.run(update(tables.user).values(disabled_at=house.clock()))
    anyone.get(path, 404)
    assert accounts.set_up_link(house) is not None  # though a new one can be made


def test_set_up_link_made_anew_ends_the_one_before(house: House, anyone: Visitor) -> None:
    old, new = _path(house), _path(house)
    anyone.get(old, 404)
    anyone.get(new)


def test_wrong_set_up_link_is_told_so(house: House, anyone: Visitor) -> None:
    _path(house)
    assert "no longer works" in text(anyone.get("/begin/guess", 404))


def test_house_with_an_administrator_has_no_set_up_link(house: House, town: Town) -> None:
    town.user("Ana", "administrator")
    assert accounts.set_up_link(house) is None


def test_set_up_form_says_every_fault_and_keeps_what_was_typed(
    house: House, anyone: Visitor
) -> None:
    path = _path(house)
    typed = TYPED | {"zone": "Atlantis/Centre", "password": "short"}
    answer = anyone.send(anyone.get(path), path, **typed)
    assert answer.status_code == 422
    page = anyone.read(answer)
    assert "2 things to mend" in text(page)
    assert "A password has 10 to 200 characters" in text(page)
    assert 'value="Wren Street Library"' in answer.text
    assert "short" not in answer.text


@pytest.mark.parametrize(
    ("languages", "machine", "zone"),
    [
        ("en-US,en;q=0.9", "Pacific/Kiritimati", "America/New_York"),
        ("en-US,en;q=0.9", "America/Chicago", "America/Chicago"),
        ("de", "UTC", "Europe/Berlin"),
        ("xx", "Pacific/Kiritimati", "Pacific/Kiritimati"),
        ("xx", "nowhere", "UTC"),
    ],
)
def test_set_up_form_proposes_the_zone_of_the_browsers_language_or_of_the_machine(
    house: House,
    anyone: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    languages: str,
    machine: str,
    zone: str,
) -> None:
    monkeypatch.setenv("TZ", machine)
    answer = anyone.client.get(_path(house), headers={"Accept-Language": languages})
    assert re.findall(r'<option value="([^"]+)" selected>', answer.text) == [zone]


def test_set_up_form_keeps_town_branches_and_logo(house: House, anyone: Visitor) -> None:
    path = _path(house)
    typed = TYPED | {
        "town": "Millbrook",
        "branch": ["Main library", "Wren Street", ""],
        "where": [
            "1 Main St https://www.openstreetmap.org/#map=17/40.7/-74.0",
            "Wren Street 3",
            "",
        ],
        "logo": (BytesIO(_picture()), "logo.png"),
    }
    page = anyone.get(path)
    answer = anyone.send(page, path, more="1", branch="Main library", where="Main St")
    assert answer.text.count('name="branch"') == 2  # one row more, nothing else happened
    anyone.follow(anyone.send(page, path, **typed))
    with house.database.reading() as tx:
        branches = [
            (each.name, each.address, each.latitude, each.longitude) for each in places.branches(tx)
        ]
        assert settings.get(tx, "town") == "Millbrook"
        assert len(settings.get(tx, "logo")) == 64
    assert branches == [
        ("Main library", "1 Main St", 40.7, -74.0),
        ("Wren Street", "Wren Street 3", None, None),
    ]


def test_set_up_form_says_what_is_wrong_with_a_branch_beside_it(
    house: House, anyone: Visitor
) -> None:
    path = _path(house)
    typed = TYPED | {"branch": ["", "Hall"], "where": ["1 Main St", "https://maps.app.goo.gl/x"]}
    answer = anyone.send(anyone.get(path), path, **typed, logo=(BytesIO(b"no"), "logo.png"))
    assert answer.status_code == 422
    said = text(anyone.read(answer))
    assert "3 things to mend" in said
    assert "Say what the branch is called" in said
    assert "This short link can only be opened by its own site." in said
    with house.database.reading() as tx:
        assert places.branches(tx) == []
        assert not users.has_administrator(tx)


def _picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(drawn, "PNG")
    return drawn.getvalue()


def test_log_in_with_capitals_as_they_come(town: Town, anyone: Visitor) -> None:
    town.user("Ana", "staff")
    assert "Welcome" in text(anyone.follow(anyone.log_in("aNA ")))


@pytest.mark.parametrize(("name", "password"), [("Ana", "wrong words"), ("Nobody", PASSWORD)])
def test_log_in_that_fails_says_one_thing_whoever_it_was(
    town: Town, anyone: Visitor, name: str, password: str
) -> None:
    town.user("Ana", "staff")
    answer = anyone.log_in(name, password)
    assert answer.status_code == 403
    assert "That name and password don’t go together" in text(anyone.read(answer))
    assert f'value="{name}"' in answer.text


def test_log_in_leads_back_to_the_page_that_was_asked_for(town: Town, anyone: Visitor) -> None:
    town.user("Ana", "staff")
    answer = anyone.client.get("/queue?before=7")
    page = anyone.follow(answer)
    assert anyone.send(page, "/login", name="Ana", password=PASSWORD).headers["Location"] == (
        "/queue?before=7"
    )


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"]
)
def test_log_in_leads_nowhere_else(town: Town, anyone: Visitor, onward: str) -> None:
    town.user("Ana", "staff")
    page = anyone.get("/login", query_string={"next": onward})
    answer = anyone.send(page, "/login", name="Ana", password=PASSWORD, next=onward)
    assert answer.headers["Location"] == "/today"


def test_log_in_gives_a_new_cookie_and_keeps_nothing_planted(town: Town, anyone: Visitor) -> None:
    town.user("Ana", "staff")
    with anyone.client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    page = anyone.get("/login")
    with anyone.client.session_transaction() as before:
        token = before["csrf_token"]
    anyone.send(page, "/login", name="Ana", password=PASSWORD)
    with anyone.client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != token


def test_log_out_ends_the_login(staff: Visitor) -> None:
    staff.follow(staff.send(staff.get("/inbox"), "/logout"))
    assert staff.client.get("/inbox").headers["Location"].startswith("/login")


def test_another_password_ends_every_login(house: House, staff: Visitor) -> None:
    accounts.set_password(house, "Ana the staff", "three other words", actor="test")
    assert staff.client.get("/inbox").status_code == 303
    assert staff.log_in("Ana the staff", "three other words").headers["Location"] == "/today"


def test_cookie_of_another_house_lets_nobody_in(
    app: object, house: House, town: Town, anyone: Visitor
) -> None:
    town.user("Ana", "staff")
    anyone.client.set_cookie("townboard", "eyJ1c2VyIjoxLCJzZXNzaW9ucyI6MH0.aSQ.forged")
    assert anyone.client.get("/inbox").status_code == 303


def test_eleventh_try_of_one_name_waits_even_with_the_right_password(
    town: Town, anyone: Visitor, clock: Clock
) -> None:
    town.user("Ana", "staff")
    for _ in range(10):
        assert anyone.log_in("Ana", "wrong words").status_code == 403
    answer = anyone.log_in("Ana")
    assert answer.status_code == 429
    assert "Too many tries" in text(anyone.read(answer))
    assert answer.headers["Retry-After"] == "900"
    clock.forward(minutes=14)
    assert anyone.log_in("Ana").status_code == 429
    clock.forward(minutes=2)
    assert anyone.log_in("Ana").status_code == 303


def test_thirty_first_try_from_one_address_waits_whatever_the_name(
    house: House, town: Town
) -> None:
    town.user("Ana", "staff")
    for number in range(30):
        with pytest.raises(accounts.WrongError):
            accounts.log_in(house, f"guess {number}", "wrong words", "192.0.2.7")
    with pytest.raises(accounts.TooOftenError):
        accounts.log_in(house, "Ana", PASSWORD, "192.0.2.7")
    assert accounts.log_in(house, "Ana", PASSWORD, "192.0.2.8").name == "Ana"


def test_right_password_is_no_guess(house: House, town: Town) -> None:
    town.user("Ana", "staff")
    for _ in range(31):
        accounts.log_in(house, "Ana", PASSWORD, "192.0.2.7")


def test_one_household_is_one_address(house: House) -> None:
    for number in range(30):
        with pytest.raises(accounts.WrongError):
            accounts.log_in(house, f"guess {number}", "wrong words", f"2001:db8::{number:x}")
    with pytest.raises(accounts.TooOftenError):
        accounts.log_in(house, "another", "wrong words", "2001:db8::ffff:1")


def test_proxy_of_this_machine_is_believed_about_its_peer(
    town: Town, anyone: Visitor, house: House
) -> None:
    for number in range(30):
        with pytest.raises(accounts.WrongError):
            accounts.log_in(house, f"guess {number}", "wrong words", "192.0.2.7")
    town.user("Ana", "staff")
    page = anyone.get("/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', anyone.client.get("/login").text)
    assert token is not None
    typed = {"name": "Ana", "password": PASSWORD, "csrf_token": token[1]}
    seen = {"X-Forwarded-For": "203.0.113.9, 192.0.2.7"}
    assert anyone.client.post("/login", data=typed, headers=seen).status_code == 429
    assert page is not None


def test_user_add_refuses_a_name_that_is_taken_and_a_role_nobody_has(town: Town) -> None:
    town.user("Ana", "staff")
    with pytest.raises(accounts.FaultyError) as taken:
        town.user("ANA", "staff")
    assert taken.value.faults["name"].code == "account.taken"
    with pytest.raises(accounts.FaultyError) as wrong:
        town.user("Tom", "owner")
    assert wrong.value.faults["role"].code == "account.role"


def test_password_is_kept_as_argon2id_at_the_cost_its_authors_advise(
    house: House, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the true cost
    user_id = town.user("Ana", "staff")
    with house.database.reading() as tx:
        user = users.one(tx, user_id)
    assert user is not None
    assert user.password.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_cheaper_hash_is_made_anew_when_its_owner_logs_in(
    house: House, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = town.user("Ana", "staff")
    monkeypatch.undo()
    accounts.log_in(house, "Ana", PASSWORD, "192.0.2.1")
    with house.database.reading() as tx:
        user = users.one(tx, user_id)
    assert user is not None
    assert "m=65536" in user.password
    assert user.sessions == 0


def test_https_address_makes_the_cookie_secure(
    make_app: Callable[[str], Visitor],
) -> None:
    visitor = make_app("https://events.library.example")
    cookie = visitor.client.get("/login", base_url="https://events.library.example").headers[
        "Set-Cookie"
    ]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
