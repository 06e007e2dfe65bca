"""The tester's page, its configuration, its headers, and what people see when something is wrong."""

import json
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kit.assets import Assets
from kit.db import studies
from kit.domain.hashing import sha256_text
from kit.domain.wire.page import PageConfig
from tests.conftest import missing
from tests.service.conftest import database_of
from tests.service.factory import NOW, new_link

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@pytest.fixture
def built(sqlite_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The service with a built front end of one script and one style sheet."""
    dist = tmp_path_factory.mktemp("dist")
    chunk = {"file": "assets/shared-1.js", "css": ["assets/base-1.css"]}
    entry = {"file": "assets/tester-1.js", "imports": ["_shared.js"], "css": ["assets/tester-1.css"]}
    manifest = {
        "_shared.js": chunk,
        "src/tester/main.ts": entry,
        "src/ui/pages.ts": {"file": "assets/pages-1.js"},
    }
    (dist / "manifest.json").write_text(json.dumps(manifest))
    sqlite_app.jinja_env.globals["assets"] = Assets(dist)
    return sqlite_app


def config_of(page: str) -> PageConfig:
    found = re.search(r'<script type="application/json" id="kit-config">(.*?)</script>', page, re.DOTALL)
    assert found
    return PageConfig.model_validate_json(found[1])


def test_page_holds_the_study_and_the_parsed_browser(built: Flask) -> None:
    token = new_link(database_of(built), text="Hello <b>&</b> </script> \u2028")
    answer = built.test_client().get(f"/s/{token}", headers={"User-Agent": CHROME})
    config = config_of(answer.text)
    assert (config.title, config.link, config.status) == ("Flowers", token, "open")
    assert config.text == "Hello <b>&</b> </script> \u2028"
    assert (config.browser.name, config.browser.major, config.browser.os) == ("Chrome", 140, "Linux")
    assert config.consent_sha256 == sha256_text(config.consent_text)
    assert [(model.url, model.bytes) for model in config.models] == [
        ("/models/test-blocks/1.0.0/manifest.json", 1_000)
    ]


def test_page_loads_scripts_and_styles_of_its_entry(built: Flask) -> None:
    page = built.test_client().get(f"/s/{new_link(database_of(built))}").text
    assert '<script type="module" src="/static/dist/assets/tester-1.js"></script>' in page
    assert page.index("base-1.css") > 0
    assert '<link rel="modulepreload" href="/static/dist/assets/shared-1.js">' in page


def test_consent_text_promises_what_is_true(built: Flask) -> None:
    consent = config_of(built.test_client().get(f"/s/{new_link(database_of(built))}").text).consent_text
    assert "without your name or address" in consent
    assert "device may be recognisable" in consent
    assert "anonym" not in consent.lower()


def test_closed_study_says_so(built: Flask) -> None:
    database = database_of(built)
    token = new_link(database)
    with database.write() as session:
        studies.close_study(session, studies.get_study(session, "flowers"), now=NOW)
    answer = built.test_client().get(f"/s/{token}")
    assert (answer.status_code, config_of(answer.text).status) == (200, "closed")


def test_unknown_and_switched_off_links_are_pages_for_people(built: Flask) -> None:
    database, client = database_of(built), built.test_client()
    token = new_link(database)
    with database.write() as session:
        studies.switch_link(session, token, on=False)
    for address, status, words in [(f"/s/{token}", 410, "switched off"), ("/s/nosuch", 404, "copied whole")]:
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
        assert words in unescape(answer.text)


def test_every_answer_has_the_headers_that_isolate_it(built: Flask) -> None:
    client = built.test_client()
    for address in (f"/s/{new_link(database_of(built))}", "/healthz", "/nothing", "/api/v1/openapi.json"):
        headers = client.get(address).headers
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Permissions-Policy"].startswith("camera=(self)")
        assert "script-src 'self' 'wasm-unsafe-eval';" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_built_files_are_kept_for_good(sqlite_app: Flask, sqlite_client: FlaskClient) -> None:
    if not Assets().built:
        missing("the front end is not built: `make setup`")
    script = Assets().entry("src/tester/main.ts").script
    answer = sqlite_client.get(f"/static/dist/{script}")
    assert "immutable" in answer.headers["Cache-Control"]


def test_no_page_sets_a_cookie(built: Flask) -> None:
    answer = built.test_client().get(f"/s/{new_link(database_of(built))}")
    assert "Set-Cookie" not in answer.headers


def test_a_missing_front_end_is_said_plainly(
    sqlite_app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sqlite_app.jinja_env.globals["assets"] = Assets(tmp_path_factory.mktemp("nothing"))
    answer = sqlite_app.test_client().get(f"/s/{new_link(database_of(sqlite_app))}")
    assert answer.status_code == 503
    assert "make setup" in unescape(answer.text)


def test_an_error_page_needs_no_front_end(
    sqlite_app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    dist = tmp_path_factory.mktemp("half")
    (dist / "manifest.json").write_text("{}")
    sqlite_app.jinja_env.globals["assets"] = Assets(dist)
    answer = sqlite_app.test_client().get("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


@pytest.mark.parametrize("page", ["../error", "%2e%2e%2ferror", "_layout", "nosuch", "index.html"])
def test_help_shows_its_own_pages_only(sqlite_client: FlaskClient, page: str) -> None:
    assert sqlite_client.get(f"/help/{page}").status_code == 404
