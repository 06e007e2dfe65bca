"""What the pages say: names, labels, floors, empty states, and hostile strings."""

import re

import pytest

from tests.dashboard.conftest import Person
from tests.dashboard.seed import HOSTILE

PAIR = "/admin/modes?first=flowers-small/tfjs-webgl&second=flowers-small/tfjs-pixels"
PAGES = [
    *("/admin/", "/admin/hardware", "/admin/visits", "/admin/studies", "/admin/studies/flowers"),
    *("/admin/modes", PAIR, "/admin/advisor", "/admin/advisor?grain=gpu"),
]


def cells(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def links_to(person: Person, page: str, part: str) -> list[str]:
    return re.findall(rf'href="(/admin/{part}/[0-9a-f-]{{36}})"', person.get(page).text)


@pytest.mark.parametrize("page", ["/admin/", "/admin/hardware", "/admin/visits"])
def test_an_empty_store_says_what_to_do(admin: Person, page: str) -> None:
    answer = admin.get(page)
    assert answer.status_code == 200
    assert "/admin/studies" in answer.text
    assert "kit study new" in admin.get("/admin/studies").text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_full_store_opens(crowd: Person, page: str) -> None:
    assert crowd.get(page).status_code == 200


def test_blurred_and_software_gpus_stand_in_sections_of_their_own(crowd: Person) -> None:
    page = crowd.get("/admin/hardware").text
    exact, blurred, software, unsent = re.split(r'<h2 id="(?:blurred|software|unsent)">', page)
    assert ">NVIDIA GeForce RTX 3060<" in exact
    assert ">NVIDIA GeForce GTX 980<" not in exact
    assert ">NVIDIA GeForce GTX 980<" in blurred
    assert ">Apple GPU<" in blurred
    assert "software renderer" in software
    assert ">llvmpipe<" in software
    assert "Device not sent" in unsent


def test_below_the_floor_there_are_the_machines_own_values(crowd: Person) -> None:
    page = cells(crowd.get("/admin/hardware").text)
    adreno = page.split("Qualcomm Adreno 740")[-1].split("Blurred by the browser")[0]
    assert "machines, not a group figure" in adreno
    assert "Shares from 6 machines on; so far 3." in adreno
    assert "1 machine, not a group figure" in page


def test_the_overview_says_what_failed_who_is_missing_and_what_is_hidden(crowd: Person) -> None:
    page = cells(crowd.get("/admin/").text)
    assert "WebGL: CONTEXT_LOST_WEBGL during compile" in page
    assert "wrong picture" in page
    assert "6 visits began and did not measure everything" in page
    assert "hidden invalid, 9 runs on 1 machine" in page


def test_hostile_strings_are_text_and_nothing_else(crowd: Person) -> None:
    visit = next(
        path for path in links_to(crowd, "/admin/visits", "visits") if HOSTILE[-50:] in crowd.get(path).text
    )
    run = links_to(crowd, visit, "runs")[0]
    for path in (*PAGES, visit, run, f"{visit}/delete"):
        assert "<script>alert" not in crowd.get(path).text, path
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in crowd.get(visit).text
    assert crowd.get("/admin/data/hardware.json").mimetype == "application/json"


def test_filters_by_a_gpus_name_whatever_is_in_it(crowd: Person) -> None:
    page = crowd.get("/admin/visits", query_string={"gpu": '"><script>'})
    assert page.status_code == 404
    assert "gpu: no machine has" in page.text
    assert '"><script>' not in page.text
    assert "1 visit." in cells(crowd.get("/admin/visits", query_string={"gpu": "llvmpipe"}).text)


def test_a_run_shows_samples_variant_environment_and_flags(crowd: Person) -> None:
    visit = links_to(crowd, "/admin/visits?gpu=SwiftShader", "visits")[0]
    page = crowd.get(links_to(crowd, visit, "runs")[0])
    text = cells(page.text)
    assert page.text.count('class="panel') == 3
    for words in (
        "Warm-up",
        "software",
        "tfjs 4.22.0",
        "float32",
        "Frames in flight",
        "kept in a group of its own",
    ):
        assert words in text


def test_the_samples_of_a_run_are_there_for_scripts(crowd: Person) -> None:
    visit = links_to(crowd, "/admin/visits?gpu=llvmpipe", "visits")[0]
    run = links_to(crowd, visit, "runs")[0]
    data = crowd.get(f"/admin/data/runs/{run.rsplit('/', 1)[1]}.json").json
    window = data["windows"]["capability"]
    assert len(window["ms"]) == len(window["k"]) == 14
    assert data["summary"]["capability_fps"] == pytest.approx(1000 * 14 / window["elapsed_ms"])


@pytest.mark.parametrize(
    "path", ["/admin/visits/17", "/admin/runs/x", f"/admin/visits/{'0' * 8}-0000-4000-8000-{'0' * 12}"]
)
def test_what_is_not_there_is_a_friendly_page(crowd: Person, path: str) -> None:
    answer = crowd.get(path)
    assert answer.status_code == 404
    assert "there is no such" in answer.text
