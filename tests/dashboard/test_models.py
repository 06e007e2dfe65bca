"""The Models page: what is there, and a model's way in, from the upload to the published version."""

import io
import json
import os
import re
import resource
import secrets
import shutil
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from kit.app import create_app
from kit.db.studies import create_study
from kit.db.tables import Audit
from kit.domain.study import StudyDefinition
from kit.errors import INSTALL_TENSORFLOW
from kit.models.catalog import list_bundles
from kit.models.incoming import Drafts, kinds
from kit.models.manifest import Precision
from kit.models.verify import verify_bundle
from kit.settings import Settings
from kit.train.evaluation import SPOKEN
from kit.views.admin import models as admin_models
from kit.views.admin import show, uploading
from kit.views.admin import uploads as admin_uploads
from tests.dashboard.conftest import Person
from tests.dashboard.model_files import Files, bundle, layers_model, zipped
from tests.dashboard.test_pages import cells

PAGE = "/admin/models"
ABOUT = {"title": "Painter", "name": "painter", "version": "1.0.0", "description": "", "credits": ""}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Person]:
    """An administrator and a home of this module's own."""
    settings = Settings(home=tmp_path_factory.mktemp("shop"))
    (settings.home / "fieldkit.sqlite").write_bytes(sqlite_template.read_bytes())
    person = Person(create_app(settings)).sign_in()
    yield person
    person.database.dispose()


@pytest.fixture(scope="module")
def first(shop: Person) -> str:
    """The page of an upload as it is right after it: the input's range is still a guess."""
    return taken(hand_in(shop, layers_model()))


@pytest.fixture(scope="module")
def decided(shop: Person, first: str) -> str:
    """The page of an upload that only needs its name."""
    page = again(shop, first)
    answer = shop.submit(page, f"{page}/try", input_range="0,1", output_range="", precision="float32")
    assert answer.status_code == 302, cells(answer.text)
    return page


@pytest.fixture(autouse=True)
def clean(shop: Person) -> Iterator[None]:
    """What a test published goes again."""
    yield
    shutil.rmtree(home(shop) / "models", ignore_errors=True)


def home(person: Person) -> Path:
    folder: Path = person.client.application.extensions["kit"].settings.home
    return folder


def uploads(person: Person) -> set[str]:
    return {folder.name for folder in (home(person) / "uploads").glob("*/")}


def again(person: Person, page: str) -> str:
    """A copy of an upload, to be used up: reading a model takes a second or two."""
    source, fresh = home(person) / "uploads" / page.rsplit("/", 1)[1], secrets.token_urlsafe(18)
    shutil.copytree(source, source.with_name(fresh))
    return f"/admin/uploads/{fresh}"


def hand_in(
    person: Person, files: Files, token: str | None = None, headers: dict[str, str] | None = None
) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', person.get(PAGE).text)
    assert found
    fields = {"csrf_token": found[1] if token is None else token}
    parts = [FileStorage(io.BytesIO(content), name) for name, content in files.items()]
    boundary, body = encode_multipart(MultiDict([*fields.items(), *(("files", part) for part in parts)]))
    kind = f"multipart/form-data; boundary={boundary}"
    return person.client.post(PAGE, data=body, content_type=kind, headers=headers)


def taken(answer: TestResponse) -> str:
    assert answer.status_code == 302, cells(answer.text)
    return answer.headers["Location"]


def publish(person: Person, page: str, **about: str) -> TestResponse:
    return person.submit(page, f"{page}/publish", **ABOUT | about)


def test_every_storage_has_its_words_wherever_one_is_named() -> None:
    assert {*show.PRECISIONS} == {*admin_uploads.PRECISIONS} == {*SPOKEN} == {*get_args(Precision)}


def test_the_list_has_sizes_quality_and_credits(shop: Person) -> None:
    text = cells(shop.get(PAGE).text)
    assert "Flowers, small" in text
    assert "16,786,211" in text
    assert "10.5 MB" in text
    assert "256 × 256 × 1, grey" in text
    assert "test-blocks" not in text


def test_what_a_file_says_of_itself_is_suggested_as_its_word(shop: Person) -> None:
    files = layers_model()
    said = {"title": "Harbour <b>", "credits": [{"what": "Boats", "licence": "CC0", "url": ""}]}
    model = json.loads(files["model.json"]) | {"userDefinedMetadata": said}
    page = taken(hand_in(shop, files | {"model.json": json.dumps(model).encode()}))
    shop.submit(page, f"{page}/try", input_range="0,1", output_range="", precision="float32")
    text = shop.get(page).text
    assert 'value="Harbour &lt;b&gt;"' in text
    assert ">Boats | CC0</textarea>" in text
    assert "nobody has checked them" in text


def test_a_models_page_says_how_many_values_are_stored(shop: Person) -> None:
    text = cells(shop.get(f"{PAGE}/flowers-small/1.1.0").text)
    assert "16,786,211, stored as 10,487,147 values" in text
    assert "10,484,611" not in text


def test_a_models_page_shows_credits_quality_and_its_picture(shop: Person) -> None:
    page = shop.get(f"{PAGE}/flowers-small/1.1.0").text
    assert page.count('src="data:image/png;base64,') == 2
    assert "Multiply-adds" not in page
    assert "CC BY" in page
    assert "averaged down to 10 × 10" in page
    assert shop.get(f"{PAGE}/flowers-small/9.9.9").status_code == 404


def test_a_fresh_upload_says_what_it_is_and_what_is_missing(shop: Person, first: str) -> None:
    text = cells(shop.get(first).text)
    assert "The network does not say which values its input has" in text
    assert "32 × 32 × 3, colour" in text
    assert "as the network says: −1 to 1" in text
    assert "First choose the values above" in text
    assert "Uploaded and not published yet" in shop.get(PAGE).text


def test_nothing_is_published_while_a_range_is_a_guess(shop: Person, first: str) -> None:
    answer = publish(shop, first)
    assert "the value range of input is not decided yet" in cells(answer.text)
    assert not (home(shop) / "models").exists()


def test_what_was_tried_is_published_with_its_label(shop: Person, decided: str) -> None:
    page = again(shop, decided)
    assert "0 to 255 turned into 0 to 1" in shop.get(page).text
    done = publish(shop, page, credits="Ours | CC0 |")
    assert done.headers["Location"] == "/admin/models/painter/1.0.0?added=1"
    assert "painter 1.0.0 is published" in cells(shop.get(done.headers["Location"]).text)
    manifest = verify_bundle(home(shop) / "models" / "painter" / "1.0.0")
    assert (manifest.input.range_, manifest.output.range_) == ((0, 1), (-1, 1))
    assert manifest.credits[0].licence == "CC0"
    assert page.rsplit("/", 1)[1] not in uploads(shop)


def test_publishing_leaves_a_line_in_the_audit(shop: Person, decided: str) -> None:
    publish(shop, again(shop, decided))
    with shop.database.read() as session:
        last = session.query(Audit).order_by(Audit.id.desc()).first()
    assert last is not None
    assert (last.actor, last.action, last.target) == ("admin", "model added", "painter 1.0.0")


def test_without_that_line_nothing_is_published(
    shop: Person, decided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(admin_uploads, "note", full)
    assert publish(shop, again(shop, decided)).status_code == 500
    assert list((home(shop) / "models").rglob("manifest.json")) == []


def test_a_study_can_choose_it_at_once(shop: Person, decided: str) -> None:
    publish(shop, again(shop, decided))
    bundles = list_bundles(shop.client.application.extensions["kit"].settings.model_roots)
    definition = StudyDefinition.model_validate({"title": "Harbour", "models": ["painter"]})
    with shop.database.write() as session:
        made = create_study(session, definition, bundles, now=datetime.now(UTC), name="with-painter")
        assert made.name == "with-painter"


def test_a_version_that_is_there_is_refused_and_stays_as_it_is(shop: Person, decided: str) -> None:
    publish(shop, again(shop, decided))
    manifest = home(shop) / "models" / "painter" / "1.0.0" / "manifest.json"
    before, page = manifest.read_bytes(), again(shop, decided)
    answer = publish(shop, page, title="Another")
    assert answer.status_code == 400
    assert "painter 1.0.0 exists already; versions never change, 1.0.1 would be free" in cells(answer.text)
    assert manifest.read_bytes() == before
    assert publish(shop, page, version="1.0.1").status_code == 302


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"name": "Painter!"}, "name: use small letters, digits and -"),
        ({"name": "local-model"}, "is what testers' own models are called"),
        ({"version": "1.0"}, "version: use three numbers with points"),
        ({"title": " "}, "title: write 1 to 100 characters"),
        ({"credits": "Ours | CC0 | javascript:alert(1)"}, "must begin with https://"),
    ],
)
def test_what_is_written_wrong_is_named_and_kept(
    shop: Person, decided: str, about: dict[str, str], sentence: str
) -> None:
    answer = publish(shop, decided, **{"description": "of the harbour"} | about)
    assert answer.status_code == 400
    assert sentence in cells(answer.text).replace("&#39;", "'")
    assert "of the harbour</textarea>" in answer.text
    assert not (home(shop) / "models").exists()


def test_a_range_that_makes_no_sense_keeps_the_last_result(shop: Person, decided: str) -> None:
    wrong = {"input_range": "other", "input_other": "5,5", "output_range": "", "precision": "float16"}
    answer = shop.submit(decided, f"{decided}/try", **wrong)
    assert answer.status_code == 400
    assert "input values: write the lowest and the highest value" in cells(answer.text)
    assert shop.get(decided).text.count("data:image/png") == 2


def test_a_zip_with_a_folder_does_and_its_size_is_chosen(shop: Person) -> None:
    folder = {f"web/{name}": data for name, data in layers_model(size=None).items()}
    page = taken(hand_in(shop, {"web.zip": zipped(folder)}))
    assert "256 × 256 × 3" in shop.get(page).text
    chosen = {"input_range": "0,255", "output_range": "", "precision": "float16", "size": "24x40"}
    shop.submit(page, f"{page}/try", **chosen)
    assert "24 × 40 × 3" in shop.get(page).text
    shop.submit(page, f"{page}/try", **chosen | {"size": ""})
    assert "256 × 256 × 3" in shop.get(page).text


def test_discarding_leaves_nothing(shop: Person, decided: str) -> None:
    page = again(shop, decided)
    shop.submit(page, f"{page}/discard")
    assert shop.get(page).status_code == 404
    assert page.rsplit("/", 1)[1] not in uploads(shop)


@pytest.mark.parametrize("identifier", ["..", "x", "0123456789abcdef0123", "%2e%2e%2fmodels"])
def test_no_other_folder_is_taken_for_an_upload(shop: Person, identifier: str) -> None:
    assert shop.get(f"/admin/uploads/{identifier}").status_code == 404


def test_without_the_extra_the_page_says_what_it_cannot_read(
    shop: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "find_spec", lambda package: None)
    text = cells(shop.get(PAGE).text).replace("&#34;", '"')
    assert "This server reads TensorFlow.js models and bundles. For Keras model (.keras)" in text
    assert INSTALL_TENSORFLOW in text
    assert "or a .keras or .h5 file" not in text


def test_a_bundle_is_published_as_it_is(shop: Person) -> None:
    handed_in = bundle()
    page = taken(hand_in(shop, handed_in))
    assert "A bundle keeps what its manifest says" in shop.get(page).text
    tried = shop.submit(page, f"{page}/try", input_range="0,1", output_range="0,1", precision="float16")
    assert tried.status_code == 400
    assert "a bundle keeps what its manifest says" in cells(tried.text)
    shop.submit(page, f"{page}/publish")
    published = home(shop) / "models" / "blocks" / "2.0.0" / "manifest.json"
    assert published.read_bytes() == handed_in["blocks/manifest.json"]


def test_a_bundle_that_follows_a_shipped_model_is_not_published(shop: Person) -> None:
    page = taken(hand_in(shop, bundle(name="flowers-small", version="999999.0.0")))
    answer = shop.submit(page, f"{page}/publish")
    assert answer.status_code == 400
    assert "name: flowers-small comes with Fieldkit" in cells(answer.text)
    assert not (home(shop) / "models").exists()


def test_a_large_picture_is_shown_small_and_never_read_whole(shop: Person) -> None:
    """8000 x 8000 values are half a gigabyte as floats, and the process that would hold them serves testers."""
    page = taken(hand_in(shop, bundle()))
    folder = home(shop) / "uploads" / page.rsplit("/", 1)[1] / "room" / "trial"
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["output"]["shape"] = manifest["golden"]["output"]["shape"] = [8000, 8000, 1]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with (folder / "golden" / "output.bin").open("wb") as file:
        file.truncate(8000 * 8000 * 2)
    tracemalloc.start()
    text = shop.get(page).text
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 'width="500" height="500"' in text
    assert most < 30_000_000


def refusal(person: Person, files: Files, **more: Any) -> str:
    """The one sentence that an upload is refused with; nothing of it is kept."""
    before = uploads(person)
    answer = hand_in(person, files, **more)
    assert uploads(person) == before
    assert answer.status_code in (400, 413), cells(answer.text)
    found = re.search(r'id="trouble"><p>(.*?)</p>', answer.text)
    assert found
    return cells(found[1]).replace("&#39;", "'")


def test_a_wrong_hash_is_one_sentence(shop: Person) -> None:
    shipped = bundle()
    name = "blocks/weights-0.bin"
    shipped[name] = bytes([shipped[name][0] ^ 1]) + shipped[name][1:]
    assert "weights-0.bin is not what the manifest describes" in refusal(shop, shipped)


@pytest.mark.parametrize("name", ["../model.json", "/etc/model.json", "a/../../model.json", "a//b.json"])
def test_names_that_lead_elsewhere_are_refused(shop: Person, name: str) -> None:
    assert "is not a file name that is accepted" in refusal(shop, {name: b"{}"})


def test_a_name_that_comes_twice_is_refused(shop: Person) -> None:
    assert "is a file and a folder at once" in refusal(shop, {"a": b"x", "a/b": b"x"})


@pytest.mark.parametrize("name", ["x" * 300 + ".json", "ü" * 140 + ".json", "y" * 260 + "/model.json"])
def test_a_name_that_no_file_can_have_is_refused(shop: Person, name: str) -> None:
    assert "is too long for a file name; rename it" in refusal(shop, {name: b"{}"})


def test_many_files_are_not_open_all_at_once(shop: Person) -> None:
    before, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())) + 40, hard))
    try:
        said = refusal(shop, {f"web/shard{number}.bin": b"x" for number in range(100)})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, hard))
    assert "these are weight files without their model.json" in said


class Unread(io.RawIOBase):
    """A body that nobody may ask for."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "null"},
    ],
)
def test_what_another_site_sends_is_not_even_read(shop: Person, headers: dict[str, str]) -> None:
    body = {"wsgi.input": Unread(), "CONTENT_LENGTH": "400000000"}
    kind = "multipart/form-data; boundary=x"
    answer = shop.client.post(PAGE, content_type=kind, headers=headers, environ_overrides=body)
    assert answer.status_code == 400
    assert "was not sent from this page" in cells(answer.text)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_this_servers_own_page_may_send(shop: Person, headers: dict[str, str]) -> None:
    assert "no file was chosen" in refusal(shop, {}, headers=headers)
    assert shop.get(PAGE).headers["Referrer-Policy"] == "same-origin"  # else the browser sends "null"


def test_missing_weights_are_named(shop: Person) -> None:
    only = {"model.json": layers_model()["model.json"]}
    assert "group1-shard1of1.bin is missing" in refusal(shop, only)


def test_a_zip_bomb_is_refused(shop: Person) -> None:
    bomb = zipped({"model.json": layers_model()["model.json"], "zeros.bin": bytes(60_000_000)})
    assert "would unpack from" in refusal(shop, {"bomb.zip": bomb})


def test_more_than_the_limit_is_refused(shop: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MB", 1000)  # 500 kB instead of 500 MB
    assert "more than 500 MB" in refusal(shop, {"large.zip": bytes(700_000)})


def test_without_the_forms_token_nothing_is_kept(shop: Person) -> None:
    assert "the form is too old" in refusal(shop, layers_model(), token="made up")


def test_an_upload_without_files_says_so(shop: Person) -> None:
    assert "no file was chosen" in refusal(shop, {})


def test_only_one_model_is_read_at_a_time(shop: Person) -> None:
    with Drafts(home(shop) / "uploads").one_at_a_time():
        assert "another model is being read right now" in refusal(shop, layers_model())


def test_a_stranger_cannot_send_anything(shop: Person) -> None:
    stranger, before = Person(shop.client.application), uploads(shop)
    answer = stranger.client.post(PAGE, data={"files": (io.BytesIO(b"x"), "x.zip")})
    assert answer.status_code == 401
    assert uploads(shop) == before


def test_without_landlock_the_page_says_what_that_means(
    shop: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_models, "landlock_version", lambda: -1)
    assert "add models of people you trust only" in cells(shop.get(PAGE).text)


def test_a_half_finished_publish_is_no_model(shop: Person, decided: str) -> None:
    """What a server leaves behind that is killed while it publishes."""
    half = home(shop) / "models" / ".writing-1234" / "bundle"
    half.mkdir(parents=True)
    (half / "manifest.json").write_text("{")
    text = cells(shop.get(PAGE).text)
    assert "is left out" not in text
    os.utime(half.parent, (0, 0))
    assert publish(shop, again(shop, decided)).status_code == 302
    assert not half.exists()
