"""The documentation names everything that there is, and nothing that there is not."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kit.app import create_app
from kit.cli import main
from kit.settings import Settings, known_variables, load_settings
from tests.house.shell import ROOT, run_well

FOLDERS = {"kit", "web", "migrations", "tests", "deploy"}
READMES = sorted(name for name in run_well("git", "ls-files", "*README.md").splitlines())
PAGES = ["CONTRIBUTING.md", "CHANGELOG.md", *READMES]
ENV_EXAMPLE = (ROOT / "deploy" / "env.example").read_text()
COMPOSE_ONLY = {"SITE", "POSTGRES_PASSWORD"}


def tracked() -> list[str]:
    return run_well("git", "ls-files").splitlines()


def text_of(*names: str) -> str:
    return "\n".join((ROOT / name).read_text() for name in names)


def commands(group: click.Group, path: str = "kit") -> Iterator[str]:
    """Every command that does something, as it is typed."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def test_top_level_holds_the_five_folders_and_files() -> None:
    folders = {name.partition("/")[0] for name in tracked() if "/" in name}
    assert {folder for folder in folders if not folder.startswith(".")} == FOLDERS


def test_every_folder_has_its_readme() -> None:
    assert {"README.md", *(f"{folder}/README.md" for folder in FOLDERS)} - {*READMES} == set()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", text_of(page))
    assert [target for target in targets if not ((ROOT / page).parent / target).exists()] == []


def test_env_example_holds_every_setting() -> None:
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", ENV_EXAMPLE, re.MULTILINE))
    assert named == set(known_variables()) | COMPOSE_ONLY


def test_every_setting_in_env_example_is_explained() -> None:
    blocks = ENV_EXAMPLE.split("\n\n")
    assert [block for block in blocks if re.match(r"#?[A-Z0-9_]+=", block)] == []


def test_values_in_env_example_are_accepted() -> None:
    values = dict(re.findall(r"^#(KIT_[A-Z0-9_]+)=(.+)$", ENV_EXAMPLE, re.MULTILINE))
    assert len(values) > 5
    assert load_settings(values).public_url == values["KIT_PUBLIC_URL"]


def test_readme_names_every_command() -> None:
    missing = [command for command in commands(main) if f"`{command}`" not in text_of("README.md")]
    assert missing == []


def test_readme_names_no_command_that_is_not_there() -> None:
    there = {*commands(main)}
    groups = {command.rpartition(" ")[0] for command in there}
    named = set(re.findall(r"^\| (.+?) \|", text_of("README.md"), re.MULTILINE))
    typed = {command for cell in named for command in re.findall(r"`(kit [a-z]+(?: [a-z]+)?)`", cell)}
    assert typed - there - groups == set()


def test_every_route_is_described_and_no_other(tmp_path: Path) -> None:
    described = set(re.findall(r"`(/[^`]*)`(?=[^|\n]* \| )", text_of("kit/README.md")))
    rules = {
        re.sub(r"<\w+:", "<", rule.rule) for rule in create_app(Settings(home=tmp_path)).url_map.iter_rules()
    }
    assert len(rules) > 10
    assert described == rules


def python_packages() -> set[str]:
    project = tomllib.loads(text_of("pyproject.toml"))
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    groups += project["dependency-groups"].values()
    entries = [entry for group in groups for entry in group if isinstance(entry, str)]
    return {re.split(r"[\[<>=~; ]", entry)[0] for entry in entries}


def test_every_python_package_has_its_reason() -> None:
    reasons = text_of("kit/README.md", "tests/README.md")
    assert sorted(name for name in python_packages() if name not in reasons) == []


def test_the_training_extra_holds_nothing_that_only_tests_use() -> None:
    extra = tomllib.loads(text_of("pyproject.toml"))["project"]["optional-dependencies"]["train"]
    code = text_of(*(name for name in tracked() if re.match(r"kit/.*\.py$", name)))
    names = {re.split(r"[<>=; ]", entry)[0] for entry in extra}
    assert {
        name for name in names if not re.search(rf"^\s*(import|from) {name}\b", code, re.MULTILINE)
    } == set()


def test_one_place_says_how_the_training_extra_is_installed() -> None:
    asked = [name for name in tracked() if name.startswith("kit/") and name.endswith((".py", ".html"))]
    assert [name for name in asked if "fieldkit[train]" in text_of(name)] == ["kit/errors.py"]


def test_every_npm_package_has_its_reason() -> None:
    package = json.loads(text_of("web/package.json"))
    names = [*package["dependencies"], *package["devDependencies"]]
    assert [name for name in names if name.replace("@tensorflow/", "") not in text_of("web/README.md")] == []


def test_the_download_table_says_what_the_command_says(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["models", "list", "--json"], env={"KIT_HOME": str(tmp_path)})
    listed = json.loads(said.stdout)
    newest = {row["name"]: row for row in listed}
    pattern = r"^\| `([a-z-]+)` \| ([\d.]+) MB \| ([\d.]+) MB \| ([\d.]+) s \| ([\d.]+) s \| ([\d.]+) s \|$"
    rows = re.findall(pattern, text_of("kit/models/README.md"), re.MULTILINE)
    assert "flowers-small" in {name for name, *_ in rows}
    for name, *figures in rows:
        row = newest[name]
        wire, fp32 = row["seconds_at_10_mbit"], row["fp32_seconds_at_10_mbit"]
        expected = [row["bytes"] / 1e6, row["fp32_bytes"] / 1e6, wire, fp32, fp32 - wire]
        assert figures == [f"{value:.1f}" for value in expected]


def test_make_targets_in_the_documentation_exist() -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text_of(*PAGES), re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert named
    assert named - targets == set()


def test_no_file_names_a_package_registry() -> None:
    """Whoever installs decides where packages come from."""
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "registry.yarnpkg" + ".com"]
    found = {
        name
        for name in tracked()
        if (ROOT / name).is_file() and any(host.encode() in (ROOT / name).read_bytes() for host in hosts)
    }
    assert found == set()
