"""Share links: what they show, and that nothing else can be reached from them, whatever is tried."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from sqlalchemy import select

from kit.app import create_app
from kit.db.access import ShareLink
from kit.db.dashboard.filters import PARAMETERS
from kit.db.shares import new_share, open_share, withdraw_share
from kit.db.tables import Link, Machine, Run, Visit
from kit.errors import CallerError
from kit.settings import Settings
from kit.views.admin.outside import page_of
from tests.dashboard.conftest import Person
from tests.dashboard.seed import CHROME, Kind, Seeder, d3d, device_of, new_study, seed

OTHER = Kind(
    7, d3d("AMD", "AMD Radeon RX 6600 (0x000073FF)"), 9.0, CHROME | {"name": "Vivaldi", "os": "ChromeOS"}
)
SECRETS = ("Radeon", "6600", "Vivaldi", "ChromeOS", "Orchids", "orchids", "mailing list")
PAGES = ("overview", "hardware", "modes", "distribution")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Person]:
    """Two studies: flowers, which is shared, and orchids, which has other machines."""
    settings = Settings(home=tmp_path_factory.mktemp("shares"))
    (settings.home / "fieldkit.sqlite").write_bytes(sqlite_template.read_bytes())
    app = create_app(settings)
    person = Person(app)
    seed(app.test_client(), person.database)
    other = Seeder(app.test_client(), new_study(person.database, "Orchids"))
    other.number = 1_000_000
    for _ in range(OTHER.count):
        tester = other.visit(device_of(OTHER))
        other.measure(tester, OTHER, 2)
    yield person
    person.database.dispose()


def share(
    store: Person, *, pages: tuple[str, ...] = PAGES, expires: datetime | None = None, **asked: str
) -> str:
    with store.database.write() as db:
        now = datetime.now(UTC)
        fixed = {"study": "flowers"} | asked
        return new_share(
            db, title="For the board", pages=pages, asked=fixed, expires_at=expires, actor="ada", now=now
        )[1]


def addresses(store: Person, token: str) -> list[str]:
    """Every page and every answer behind a link."""
    adapter = store.client.application.url_map.bind("localhost")
    return [adapter.build(f"shared.{endpoint}", {"token": token}) for endpoint in page_of]


@pytest.fixture(scope="module")
def token(store: Person) -> str:
    return share(store)


def test_a_link_opens_its_pages_without_account_and_cookie(store: Person, token: str) -> None:
    first = store.get(f"/shared/{token}/")
    assert first.headers["Location"].endswith(f"/shared/{token}/overview")
    for address in addresses(store, token):
        answer = store.get(address)
        assert answer.status_code == 200, (address, answer.text)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_of_the_dashboard_and_of_other_studies_is_on_a_shared_page(store: Person, token: str) -> None:
    for address in addresses(store, token):
        text = store.get(address).text
        assert [word for word in (*SECRETS, "/admin", "csrf") if word in text] == [], address


def test_no_machine_visit_run_link_or_raw_text_is_on_a_shared_page(store: Person, token: str) -> None:
    with store.database.read() as db:
        ids = [*db.scalars(select(Machine.id)), *db.scalars(select(Visit.id)), *db.scalars(select(Run.id))]
        hidden = [*ids, *db.scalars(select(Link.token))]
    raw = ("CONTEXT_LOST", "out of memory", "Direct3D11", "largest error", "xxxxxxxx")
    for address in addresses(store, token):
        text = store.get(address).text
        assert [word for word in (*hidden, *raw) if word in text] == [], address


def test_machines_of_small_groups_have_no_values_outside(store: Person, token: str) -> None:
    answer = store.get(f"/shared/{token}/data/hardware.json").json
    few = [row for row in answer["rows"] if row["machines_started"] < answer["floor_machines"]]
    assert len(few) > 5
    assert all(row["fps"] is None and row["machines_fps"] == [] for row in answer["rows"] if row in few)
    page = store.get(f"/shared/{token}/hardware").text
    assert "not a group figure" not in page
    assert "fewer than 6 measured, not shown" in page


def tries() -> list[str]:
    """What someone curious would add to the address of a shared page."""
    names = (
        *PARAMETERS,
        "all",
        "page",
        "token",
        "share",
        "by",
        "place",
        "section",
        "first",
        "second",
        "machine",
        *("figure", "target", "sort", "top", "grain", "fps"),
    )
    values = (
        "orchids",
        "1",
        "AMD Radeon RX 6600",
        "Vivaldi",
        "AMD",
        "ChromeOS",
        "%00",
        "-software",
        "'",
        "../..",
    )
    return [f"{name}={value}" for name in names for value in values] + [
        "study=flowers&study=orchids",
        "study[]=orchids",
        "simulated=1&invalid=1&all=1",
        "since=0001-01-01&until=9999-12-31",
        "model=flowers-small@1.0.0&gpu=",
    ]


def test_no_parameter_reaches_another_study(store: Person, token: str) -> None:
    """What lies outside answers like what is nowhere, and no answer holds more than the link's own."""
    pages = addresses(store, token)
    for number, query in enumerate(tries()):
        address = pages[number % len(pages)]  # each page gets its share of what is tried
        answer = store.get(f"{address}?{query}")
        assert answer.status_code in (200, 400, 404), (address, query, answer.status_code)
        asked = query.partition("=")[2]
        text = answer.text.replace(asked, "").replace(quote_plus(asked), "").replace(quote(asked), "")
        found = [
            word for word in SECRETS if word in text
        ]  # what was asked may stand there again, nothing else
        assert found == [], (address, query)


@pytest.mark.parametrize("name", ["gpu", "browser", "os", "vendor", "family", "class", "model", "mode"])
def test_a_value_of_another_study_is_answered_as_one_that_nobody_has(
    store: Person, token: str, name: str
) -> None:
    known = {"gpu": "Radeon RX 6600", "browser": "Vivaldi", "os": "ChromeOS", "vendor": "AMD"}.get(
        name, "x" * 6
    )
    nowhere = "q" * len(known)
    address = f"/shared/{token}/data/hardware.json?{name}="
    there, not_there = (store.get(address + value) for value in (known, nowhere))
    assert there.status_code == not_there.status_code == 404
    assert there.text.replace(known, nowhere) == not_there.text


@pytest.mark.parametrize(
    "query", ["study=orchids", "simulated=1", "invalid=1", "link=x", "all=1", "gpu=Vivaldi&gpu="]
)
def test_what_nobody_may_choose_changes_nothing(store: Person, token: str, query: str) -> None:
    address = f"/shared/{token}/data/hardware.json"
    if query.startswith("gpu"):
        assert store.get(f"{address}?{query}").status_code == 404
        return
    assert store.get(f"{address}?{query}").json == store.get(address).json


def test_visitors_narrow_further_but_never_widen(store: Person) -> None:
    token = share(store, vendor="Intel", until="2100-01-01")
    address = f"/shared/{token}/data/hardware.json"
    everything = store.get(address).json["rows"]
    assert {row["gpu_vendor"] for row in everything} == {"Intel"}
    assert store.get(f"{address}?vendor=NVIDIA").json["rows"] == everything
    assert store.get(f"{address}?gpu=GeForce+RTX+3060").status_code == 404
    assert store.get(f"{address}?until=2000-01-01").json["rows"] == []
    assert store.get(f"{address}?until=2200-01-01").json["rows"] == everything
    narrower = store.get(f"{address}?browser=Edge").json["rows"]
    assert 0 < len(narrower) < len(everything)
    page = store.get(f"/shared/{token}/hardware").text
    assert "GeForce" not in page, "the form offers what the link leaves out"


def test_a_link_opens_only_the_pages_chosen(store: Person) -> None:
    token = share(store, pages=("hardware",))
    assert store.get(f"/shared/{token}/").headers["Location"].endswith("/hardware")
    assert store.get(f"/shared/{token}/hardware").status_code == 200
    for page in ("overview", "modes", "distribution", "data/overview.json", "visits", "export/runs.csv"):
        assert store.get(f"/shared/{token}/{page}").status_code in (404, 410), page


def test_withdrawn_expired_and_wrong_links_get_the_same_page(store: Person) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    token = share(store, expires=soon)
    with store.database.write() as db:
        assert open_share(db, token, now=soon - timedelta(seconds=1)) is not None
        assert open_share(db, token, now=soon) is None
        link = db.scalars(select(ShareLink).order_by(ShareLink.created_at.desc())).first()
        assert link is not None
        assert withdraw_share(db, link.id, actor="ada", now=soon)
        assert not withdraw_share(db, link.id, actor="ada", now=soon)
    answers = {
        store.get(f"/shared/{one}/overview").text for one in (token, "wrong", token + "x", token[:-1], "%00")
    }
    assert len(answers) == 1
    assert "not valid any more" in answers.pop()


def test_only_hashes_are_stored(store: Person) -> None:
    token = share(store)
    with store.database.read() as db:
        links = db.scalars(select(ShareLink)).all()
        assert token not in str([(link.sha256, link.asked, link.title, link.id) for link in links])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"asked": {}}, "study"),
        ({"asked": {"study": "nothing"}}, "study"),
        ({"asked": {"study": "flowers", "gpu": "nothing"}}, "gpu"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"pages": ()}, "pages"),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "expires"),
    ],
)
def test_a_wrong_form_is_told_its_field(store: Person, change: dict[str, object], field: str) -> None:
    given = {"title": "A", "pages": PAGES, "asked": {"study": "flowers"}, "expires_at": None} | change
    with store.database.write() as db, pytest.raises(CallerError) as error:
        new_share(db, **given, actor="ada", now=datetime.now(UTC))  # type: ignore[arg-type]
    assert error.value.field == field


def test_an_administrator_makes_and_withdraws_links(app: Flask) -> None:
    admin = Person(app).sign_in()
    new_study(admin.database)
    made = admin.submit(
        "/admin/access",
        "/admin/access/shares",
        study="flowers",
        title="<b>Board</b>",
        pages="hardware",
        expires="",
    )
    token = re.search(r"/shared/([\w-]+)/", made.text)
    assert token
    assert Person(app).get(f"/shared/{token[1]}/hardware").status_code == 200
    page = admin.get("/admin/access").text
    assert "&lt;b&gt;Board&lt;/b&gt;" in page
    assert token[1] not in page
    (withdraw,) = re.findall(r"/admin/access/shares/[\w-]+/withdraw", page)
    assert admin.submit("/admin/access", withdraw).status_code == 302
    assert Person(app).get(f"/shared/{token[1]}/hardware").status_code == 410
