"""Studies and links from the command line."""

from pathlib import Path

from tests.cli.conftest import Kit


def test_a_new_study_is_open_and_prints_its_url(kit: Kit) -> None:
    output = kit("study", "new", "--title", "Clouds", "--models", "test-blocks").stdout
    assert "Study clouds is open" in output
    assert "http://127.0.0.1:8000/s/" in output


def test_printed_links_start_with_the_public_address(kit: Kit, study: str) -> None:
    output = kit("link", "new", study, KIT_PUBLIC_URL="https://study.example.org").stdout
    assert output.startswith("https://study.example.org/s/")


def test_options_reach_the_definition(kit: Kit) -> None:
    options = ["--modes", "tfjs-webgl", "--seconds", "1.5", "--blocks", "3", "--set", "warmup_max_s=4"]
    name = kit.json("study", "new", "--title", "Short", "--models", "test-blocks@1.0.0", *options)["study"]
    shown = kit.json("study", "show", name)
    assert shown["models"] == ["test-blocks@1.0.0"]
    assert shown["definition"]["modes"] == ["tfjs-webgl"]
    protocol = shown["definition"]["protocol"]
    assert (protocol["capability_s"], protocol["displayed_s"], protocol["blocks"]) == (1.5, 1.5, 3)
    assert protocol["warmup_max_s"] == 4


def test_the_hardware_that_is_wanted_reaches_the_definition(kit: Kit) -> None:
    options = ["--models", "test-blocks", "--quota", "class=integrated:80", "--quota", "machines:300"]
    name = kit.json("study", "new", "--title", "Wanted", *options)["study"]
    quotas = kit.json("study", "show", name)["definition"]["quotas"]
    assert quotas == {"class": {"integrated": 80}, "machines": 300}


def test_the_consent_text_comes_from_a_file(kit: Kit, tmp_path: Path) -> None:
    text = tmp_path / "consent.txt"
    text.write_text("We measure. You may stop.", encoding="utf-8")
    options = ["--models", "test-blocks", "--consent-file", str(text), "--name", "own"]
    kit("study", "new", "--title", "Own words", *options)
    assert kit.json("study", "show", "own")["definition"]["consent_text"] == "We measure. You may stop."


def test_close_and_open_again(kit: Kit, study: str) -> None:
    kit("study", "close", study)
    assert kit.json("study", "list")[0]["state"] == "closed"
    kit("study", "open", study)
    assert kit.json("study", "list")[0]["state"] == "open"


def test_an_exported_study_comes_back_under_another_name(kit: Kit, study: str, tmp_path: Path) -> None:
    file = tmp_path / "study.json"
    file.write_text(kit("study", "export", study).stdout, encoding="utf-8")
    kit("study", "import", str(file), "--name", "again")
    assert kit.json("study", "show", "again")["definition"] == kit.json("study", "show", study)["definition"]


def test_personal_links_take_one_visit_each(kit: Kit, study: str) -> None:
    made = kit.json("link", "new", study, "--personal", "--count", "3")
    assert {(link["kind"], link["uses"]) for link in made} == {("personal", "single")}
    assert len({link["token"] for link in made}) == 3
    assert len(kit.json("link", "list", study)) == 4


def test_a_link_is_switched_off_by_its_url(kit: Kit, study: str) -> None:
    url = kit("link", "new", study).stdout.strip()
    kit("link", "off", "--", url)
    assert [link["on"] for link in kit.json("link", "list", study) if link["url"] == url] == [False]


def test_the_table_shows_every_study(kit: Kit, study: str) -> None:
    heading, row = kit("study", "list").stdout.splitlines()
    assert heading.split() == ["name", "title", "state", "visits", "links"]
    assert row.split() == [study, "Clouds", "open", "0", "1"]
