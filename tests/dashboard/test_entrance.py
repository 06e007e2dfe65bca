"""Who gets in: the one-time link, passwords, sessions, tokens of forms."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from kit.db.admins import LINK_VALID, TRIES, ensure_first_admin, find_admin, new_admin_link
from kit.views.admin.entrance import local
from tests.dashboard.conftest import PASSWORD, Person

SIGN_IN = "/admin/sign-in"


def knock(person: Person, password: str = PASSWORD, name: str = "admin") -> int:
    return person.submit(SIGN_IN, name=name, password=password).status_code


def test_the_one_time_link_sets_a_password_and_works_once(stranger: Person) -> None:
    link = stranger.one_time_link()
    assert [stranger.get(link).status_code for _ in range(2)] == [200, 200]  # a link preview uses nothing up
    assert stranger.submit(link, password=PASSWORD, again=PASSWORD).headers["Location"] == "/admin/"
    assert stranger.get("/admin/").status_code == 200
    assert stranger.get(link).status_code == 410
    assert "kit admin link" in stranger.get(link).text


def test_of_two_forms_of_one_link_the_second_is_refused(app: Flask) -> None:
    first, second = Person(app), Person(app)
    link = first.one_time_link()
    page = second.get(link).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert first.submit(link, password=PASSWORD, again=PASSWORD).status_code == 302
    late = second.client.post(link, data={"csrf_token": token, "password": "x" * 12, "again": "x" * 12})
    assert late.status_code == 410
    assert knock(second, "x" * 12) == 401


def test_a_link_ends_after_a_day(stranger: Person) -> None:
    with stranger.database.write() as session:
        token = ensure_first_admin(session, now=datetime.now(UTC) - LINK_VALID - timedelta(minutes=1))
    assert stranger.get(f"/admin/first/{token}").status_code == 410


def test_no_first_link_once_there_is_a_password(admin: Person) -> None:
    with admin.database.write() as session:
        assert ensure_first_admin(session, now=datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("password", "again", "words"), [("short", "short", "10 characters"), ("a" * 12, "b" * 12, "differ")]
)
def test_a_bad_password_is_refused_with_a_reason(
    stranger: Person, password: str, again: str, words: str
) -> None:
    link = stranger.one_time_link()
    answer = stranger.submit(link, password=password, again=again)
    assert answer.status_code == 400
    assert words in answer.text
    assert stranger.get(link).status_code == 200


def test_sign_out_and_in_again(admin: Person) -> None:
    admin.submit("/admin/", "/admin/sign-out")
    assert admin.get("/admin/").status_code == 302
    assert knock(admin, "wrong") == 401
    assert knock(admin, name="nobody") == 401
    assert knock(admin) == 302
    assert admin.get("/admin/").status_code == 200


def test_too_many_wrong_passwords_also_stop_the_right_one(admin: Person) -> None:
    admin.submit("/admin/", "/admin/sign-out")
    assert [knock(admin, "wrong") for _ in range(TRIES)] == [401] * TRIES
    assert knock(admin) == 429


def test_a_new_password_ends_old_sessions(app: Flask, admin: Person) -> None:
    with admin.database.write() as session:
        found = find_admin(session, "admin")
        assert found is not None
        token = new_admin_link(session, found, now=datetime.now(UTC))
    Person(app).submit(f"/admin/first/{token}", password="another long one", again="another long one")
    assert admin.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "path", [SIGN_IN, "/admin/sign-out", "/admin/studies/flowers/links", "/admin/links/abcdef/switch"]
)
def test_a_form_without_its_token_is_refused(admin: Person, path: str) -> None:
    answer = admin.client.post(path, data={"name": "admin", "password": PASSWORD})
    assert answer.status_code == 400
    assert "CSRF" in answer.text


def test_the_session_cookie_is_not_for_scripts_or_other_sites(stranger: Person) -> None:
    answer = stranger.submit(stranger.one_time_link(), password=PASSWORD, again=PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


TARGETS = {
    "/admin/hardware?study=a": "/admin/hardware?study=a",
    "https://elsewhere.example/admin": "",
    "//elsewhere.example": "",
    "/admin\\@elsewhere.example": "",
    "/s/token": "",
    "/admin\nx": "",
}


@pytest.mark.parametrize(("target", "kept"), TARGETS.items())
def test_after_signing_in_nobody_is_sent_elsewhere(target: str, kept: str) -> None:
    assert local(target) == kept


def test_signing_in_leads_back_to_where_one_wanted_to_go(admin: Person) -> None:
    admin.submit("/admin/", "/admin/sign-out")
    asked = admin.get("/admin/hardware?study=flowers").headers["Location"]
    assert asked == "/admin/sign-in?next=/admin/hardware?study%3Dflowers"
    answer = admin.submit(
        asked, SIGN_IN, name="admin", password=PASSWORD, next="/admin/hardware?study=flowers"
    )
    assert answer.headers["Location"] == "/admin/hardware?study=flowers"
