"""The Models page: what is there, and a model's way in, from the upload to the published version."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kit.db.tables import Audit
from kit.models.catalog import BUNDLED, find_bundle
from kit.models.verify import verify_bundle
from tests.dashboard.conftest import Person
from tests.dashboard.model_files import Files, layers_model, zipped
from tests.dashboard.test_pages import cells

PAGE = "/admin/models"


@pytest.fixture
def admin(sqlite_app: Flask) -> Person:
    return Person(sqlite_app).sign_in()


def home(person: Person) -> Path:
    folder: Path = person.client.application.extensions["kit"].settings.home
    return folder


def hand_in(person: Person, files: Files, token: str | None = None) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', person.get(PAGE).text)
    assert found
    data = {"csrf_token": found[1] if token is None else token}
    parts = [(io.BytesIO(content), name) for name, content in files.items()]
    return person.client.post(PAGE, data=data | {"files": parts}, content_type="multipart/form-data")


@pytest.fixture
def uploaded(admin: Person) -> str:
    """The page of an upload whose input's range is still a guess."""
    answer = hand_in(admin, layers_model())
    assert answer.status_code == 302, cells(answer.text)
    return answer.headers["Location"]


def test_the_list_has_sizes_quality_and_credits(admin: Person) -> None:
    text = cells(admin.get(PAGE).text)
    assert "Flowers, small" in text
    assert "16,786,211" in text
    assert "10.5 MB" in text
    assert "256 × 256 × 1, grey" in text
    assert "test-blocks" not in text


def test_a_models_page_shows_credits_quality_and_its_picture(admin: Person) -> None:
    page = admin.get(f"{PAGE}/flowers-small/1.0.0").text
    assert page.count('src="data:image/png;base64,') == 2
    assert "Multiply-adds" not in page
    assert "CC BY" in page
    assert "averaged down to 10 × 10" in page
    assert admin.get(f"{PAGE}/flowers-small/9.9.9").status_code == 404


def test_a_model_is_handed_in_tried_decided_and_published(admin: Person, uploaded: str) -> None:
    text = cells(admin.get(uploaded).text)
    assert "The network does not say which values its input has" in text
    assert "32 × 32 × 3, colour" in text
    assert "First choose the values above" in text
    admin.submit(uploaded, f"{uploaded}/try", input_range="0,1", output_range="", precision="float32")
    page = admin.get(uploaded)
    assert "0 to 255 turned into 0 to 1" in page.text
    about = {"title": "Painter", "name": "painter", "version": "1.0.0", "description": ""}
    done = admin.submit(uploaded, f"{uploaded}/publish", **about, credits="Ours | CC0 |")
    assert done.headers["Location"] == "/admin/models/painter/1.0.0?added=1"
    assert "painter 1.0.0 is published" in cells(admin.get(done.headers["Location"]).text)
    manifest = verify_bundle(home(admin) / "models" / "painter" / "1.0.0")
    assert (manifest.input.range_, manifest.output.range_) == ((0, 1), (-1, 1))
    assert manifest.credits[0].licence == "CC0"
    assert list((home(admin) / "uploads").glob("*/")) == []


def test_publishing_leaves_a_line_in_the_audit(admin: Person, uploaded: str) -> None:
    publish(admin, uploaded)
    with admin.database.read() as session:
        last = session.query(Audit).order_by(Audit.id.desc()).first()
    assert last is not None
    assert (last.actor, last.action, last.target) == ("admin", "model added", "painter 1.0.0")


def publish(person: Person, page: str, version: str = "1.0.0", **about: str) -> TestResponse:
    person.submit(page, f"{page}/try", input_range="-1,1", output_range="", precision="float16")
    fields = {"title": "Painter", "name": "painter", "version": version, "description": "", "credits": ""}
    return person.submit(page, f"{page}/publish", **fields | about)


def test_a_study_can_choose_it_at_once(admin: Person, uploaded: str) -> None:
    publish(admin, uploaded)
    roots = admin.client.application.extensions["kit"].settings.model_roots
    assert find_bundle(roots, "painter").version == "1.0.0"


def test_a_version_that_is_there_is_refused_and_stays_as_it_is(admin: Person, uploaded: str) -> None:
    publish(admin, uploaded)
    folder = home(admin) / "models" / "painter" / "1.0.0"
    before = (folder / "manifest.json").read_bytes()
    second = hand_in(admin, layers_model(seed=2)).headers["Location"]
    answer = publish(admin, second)
    assert answer.status_code == 400
    assert "Painter 1.0.0 exists already; versions never change, 1.0.1 would be free" in cells(answer.text)
    assert (folder / "manifest.json").read_bytes() == before
    assert publish(admin, second, "1.0.1").status_code == 302


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"name": "Painter!"}, "Name: use small letters, digits and -"),
        ({"name": "local-model"}, "is what testers' own models are called"),
        ({"version": "1.0"}, "Version: use three numbers with points"),
        ({"title": " "}, "Title: write 1 to 100 characters"),
        ({"credits": "Ours | CC0 | javascript:alert(1)"}, "must begin with https://"),
    ],
)
def test_what_is_written_wrong_is_named_and_kept(
    admin: Person, uploaded: str, about: dict[str, str], sentence: str
) -> None:
    answer = publish(admin, uploaded, **about)
    assert answer.status_code == 400
    assert sentence in cells(answer.text).replace("&#39;", "'")
    assert "Painter" in answer.text
    assert not (home(admin) / "models").exists()


def test_nothing_is_published_while_a_range_is_a_guess(admin: Person, uploaded: str) -> None:
    fields = {"title": "Painter", "name": "painter", "version": "1.0.0", "description": "", "credits": ""}
    answer = admin.submit(uploaded, f"{uploaded}/publish", **fields)
    assert "the value range of input is not decided yet" in cells(answer.text).lower()
    assert not (home(admin) / "models").exists()


def test_a_range_that_makes_no_sense_keeps_the_last_result(admin: Person, uploaded: str) -> None:
    wrong = {"input_range": "other", "input_other": "5,5", "output_range": "", "precision": "float16"}
    answer = admin.submit(uploaded, f"{uploaded}/try", **wrong)
    assert answer.status_code == 400
    assert "Input values: write the lowest and the highest value" in cells(answer.text)
    assert admin.get(uploaded).text.count("data:image/png") == 2


def test_a_zip_and_a_folder_do_as_well(admin: Person) -> None:
    assert hand_in(admin, {"web.zip": zipped(layers_model())}).status_code == 302
    folder = {f"web/{name}": data for name, data in layers_model().items()}
    assert hand_in(admin, folder).status_code == 302
    page = admin.get(PAGE).text
    assert "Uploaded and not published yet" in page
    assert "web.zip" in page


def test_a_size_can_be_chosen_where_the_network_takes_any(admin: Person) -> None:
    page = hand_in(admin, layers_model(size=None)).headers["Location"]
    assert "256 × 256 × 3" in admin.get(page).text
    chosen = {"input_range": "0,255", "output_range": "", "precision": "float16", "size": "24x40"}
    admin.submit(page, f"{page}/try", **chosen)
    assert "24 × 40 × 3" in admin.get(page).text


def test_discarding_leaves_nothing(admin: Person, uploaded: str) -> None:
    admin.submit(uploaded, f"{uploaded}/discard")
    assert admin.get(uploaded).status_code == 404
    assert list((home(admin) / "uploads").glob("*/")) == []


@pytest.fixture
def shipped(admin: Person) -> Files:
    """The files of a bundle, under a version of its own."""
    folder = BUNDLED / "test-blocks" / "1.0.0"
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    files["manifest.json"] = files["manifest.json"].replace(b'"version": "1.0.0"', b'"version": "2.0.0"', 1)
    return {f"blocks/{name}": data for name, data in files.items()}


def test_a_bundle_is_published_as_it_is(admin: Person, shipped: Files) -> None:
    page = hand_in(admin, shipped).headers["Location"]
    assert "A bundle keeps what its manifest says" in admin.get(page).text
    admin.submit(page, f"{page}/publish")
    published = home(admin) / "models" / "test-blocks" / "2.0.0" / "manifest.json"
    assert published.read_bytes() == shipped["blocks/manifest.json"]


def refusal(answer: TestResponse, person: Person) -> str:
    """The one sentence, after making sure that nothing was kept."""
    assert answer.status_code in (400, 413), cells(answer.text)
    assert list((home(person) / "uploads").glob("*/")) == []
    found = re.search(r'id="trouble"><p>(.*?)</p>', answer.text)
    assert found
    return cells(found[1]).replace("&#39;", "'")


def test_a_wrong_hash_is_one_sentence(admin: Person, shipped: Files) -> None:
    name = next(name for name in shipped if name.endswith("weights-0.bin"))
    shipped[name] = bytes([shipped[name][0] ^ 1]) + shipped[name][1:]
    assert "weights-0.bin is not what the manifest describes" in refusal(hand_in(admin, shipped), admin)


@pytest.mark.parametrize("name", ["../model.json", "/etc/model.json", "a/../../model.json", "..\\model.json"])
def test_names_that_lead_elsewhere_are_refused(admin: Person, name: str) -> None:
    answer = hand_in(admin, {name: b"{}"})
    assert "is not a file name that is accepted" in refusal(answer, admin)


def test_missing_weights_are_named(admin: Person) -> None:
    only = {"model.json": layers_model()["model.json"]}
    assert "group1-shard1of1.bin" in refusal(hand_in(admin, only), admin)


def test_a_zip_bomb_is_refused(admin: Person) -> None:
    bomb = zipped({"model.json": layers_model()["model.json"], "zeros.bin": bytes(60_000_000)})
    assert "would unpack from" in refusal(hand_in(admin, {"bomb.zip": bomb}), admin)


@pytest.mark.parametrize("name", ["weights.pkl", "net.pt", "net.onnx", "notes.txt"])
def test_other_files_are_told_what_to_do(admin: Person, name: str) -> None:
    sentence = refusal(hand_in(admin, {name: b"?"}), admin)
    assert "export" in sentence or "save" in sentence or "hand in" in sentence


def test_more_than_the_limit_is_refused(admin: Person) -> None:
    settings = admin.client.application.extensions["kit"].settings
    object.__setattr__(settings, "upload_mb", 1)
    answer = hand_in(admin, {"large.zip": bytes(3_000_000)})
    assert answer.status_code == 413
    assert "more than 1 MB" in refusal(answer, admin)


def test_without_the_forms_token_nothing_is_kept(admin: Person) -> None:
    answer = hand_in(admin, layers_model(), token="made up")
    assert "the form is too old" in refusal(answer, admin).lower()


def test_a_stranger_cannot_send_anything(sqlite_app: Flask) -> None:
    stranger = Person(sqlite_app)
    answer = stranger.client.post(PAGE, data={"files": (io.BytesIO(b"x" * 5_000_000), "x.zip")})
    assert answer.status_code == 401
    assert not (home(stranger) / "uploads").exists()


def test_an_unfinished_publish_is_not_a_model(admin: Person, uploaded: str) -> None:
    """What a server leaves behind that is killed while it publishes."""
    half = home(admin) / "models" / ".writing-1234" / "bundle"
    half.mkdir(parents=True)
    (half / "manifest.json").write_text("{")
    assert "painter" not in admin.get(PAGE).text.split("Add a model")[0].replace("Uploaded", "")
    assert publish(admin, uploaded).status_code == 302
