"""Which model and mode to ship: the table, the file, and the example that reads it."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kit.domain.stats.advisor_json import look_up
from tests.conftest import missing
from tests.dashboard.conftest import Person
from tests.dashboard.test_modes import FAILED, FIREFOX, GTX, Field, measure
from tests.dashboard.test_pages import cells
from tests.service.factory import device_body

EXAMPLE = Path("kit/templates/admin/advisor_example.js")
UHD = "ANGLE (Intel, Intel(R) UHD Graphics 620 (0x00005917) Direct3D11 vs_5_0 ps_5_0, D3D11)"


@pytest.fixture
def field(app: Flask, admin: Person) -> Field:
    return Field(app, admin)


def advice(field: Field, **asked: str) -> dict[str, Any]:
    return dict(field.admin.get("/admin/data/advisor.json", query_string=asked).json)


@pytest.fixture
def sixteen(field: Field) -> Field:
    """Sixteen machines that reach 60 in one mode and 30 in the other: 16 of 16 is 81 to 100 %."""
    for _ in range(16):
        visit = field.machine()
        measure(visit, "tfjs-webgl", 10.0)
        measure(visit, "tfjs-pixels", 25.0)
    return field


def test_what_is_proven_is_shipped_with_its_evidence(sixteen: Field) -> None:
    file = advice(sixteen, fps="60", grain="gpu")
    rule = look_up(file, section="exact", gpu="NVIDIA GeForce RTX 3060")
    assert rule is not None
    assert (rule["state"], rule["ship"]["mode"], rule["ship"]["machines"]) == ("proven", "tfjs-webgl", 16)
    assert rule["ship"]["interval"] == [pytest.approx(0.806, abs=0.001), pytest.approx(1.0)]
    assert (file["schema"], file["lookup"][0], file["target_fps"], file["bar"]) == (1, "gpu", 60, 0.8)


def test_of_two_that_are_proven_the_quicker_one_is_shipped(sixteen: Field) -> None:
    rule = look_up(advice(sixteen, fps="30"), section="exact", class_="discrete")
    assert rule is not None
    assert rule["ship"]["mode"] == "tfjs-webgl"


def test_crashes_count_against_and_too_few_say_how_many_more(field: Field) -> None:
    for _ in range(4):
        measure(field.machine(), "tfjs-webgl", 10.0)
    rule = look_up(advice(field), section="exact", class_="discrete")
    assert rule is not None
    assert (rule["state"], rule["ship"], rule["not_proven"][0]["more_machines"]) == ("too_few", None, 12)
    for _ in range(12):
        measure(field.machine(), "tfjs-webgl", **FAILED)
    rule = look_up(advice(field), section="exact", class_="discrete")
    assert rule is not None
    assert (rule["state"], rule["best"]["share"]) == ("disproved", [0.25, 0.25])


def test_a_gpu_without_evidence_takes_its_class_and_no_other_section_does(sixteen: Field) -> None:
    measure(sixteen.machine(device_body(UHD)), "tfjs-webgl", 10.0)
    measure(sixteen.machine(device_body(GTX, browser=FIREFOX)), "tfjs-webgl", 10.0)
    file = advice(sixteen, grain="gpu")
    blurred = look_up(file, section="blurred", gpu="NVIDIA GeForce GTX 980")
    intel = look_up(file, section="exact", gpu="Intel UHD Graphics 620")
    assert blurred is not None
    assert intel is not None
    assert blurred["ship"] is None
    assert (intel["state"], intel["by"]["place"]) == ("inherited", "default")


def test_the_page_shows_share_interval_and_machines(sixteen: Field) -> None:
    page = cells(sixteen.admin.get("/admin/advisor?fps=60").text)
    row = page.split("discrete class")[1][:300]
    assert "test-blocks 1.0.0 tfjs-webgl int8 100 % 80–100 % 16 of 16 proven" in row


def test_the_file_is_saved_and_says_where_it_comes_from(sixteen: Field) -> None:
    answer = sixteen.admin.get("/admin/advisor.json?bar=50&browser=Chrome")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="advisor-')
    assert (answer.json["bar"], answer.json["filters"], answer.json["figure"]) == (
        0.5,
        {"browser": "Chrome"},
        "capability",
    )
    assert answer.json["made_by"].startswith("fieldkit ")


def test_the_example_of_the_page_chooses_as_the_kit_does(sixteen: Field, tmp_path: Path) -> None:
    node = shutil.which("node") or missing("no node is installed")
    (tmp_path / "example.mjs").write_text(EXAMPLE.read_text())
    (tmp_path / "advice.json").write_text(json.dumps(advice(sixteen, fps="60", grain="gpu")))
    machine = {"section": "exact", "gpu": "NVIDIA GeForce RTX 4090", "family": "other", "class": "discrete"}
    script = (
        'import { readFileSync } from "node:fs"; import { choose } from "./example.mjs";'
        f'console.log(choose(JSON.parse(readFileSync("advice.json")), {json.dumps(machine)}).mode)'
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "tfjs-webgl"


@pytest.mark.parametrize("asked", [{"fps": "25"}, {"bar": "100"}, {"grain": "x"}, {"figure": "<b>"}])
def test_what_cannot_be_read_is_named(admin: Person, asked: dict[str, str]) -> None:
    answer = admin.get("/admin/data/advisor.json", query_string=asked)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, next(iter(asked)))


def test_an_empty_store_says_what_to_do(admin: Person) -> None:
    page = admin.get("/admin/advisor")
    assert page.status_code == 200
    assert "/admin/studies" in page.text
    assert admin.get("/admin/advisor.json").json["rules"] == []
