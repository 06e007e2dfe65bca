"""The files in deploy/ are well formed and name only settings that there are; no container engine is needed."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.settings import known_variables
from tests.house.shell import ROOT, run

DEPLOY = ROOT / "deploy"
FILES = ["Caddyfile", "Dockerfile", "README.md", "compose.yaml", "env.example", "fieldkit.service"]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return services


@pytest.mark.parametrize("name", FILES)
def test_only_known_settings_are_named(name: str) -> None:
    named = {
        word.removesuffix("_FILE")
        for word in re.findall(r"\bKIT_[A-Z_]*[A-Z]\b", (DEPLOY / name).read_text())
    }
    assert named - set(known_variables()) == set()


def test_dockerfile_is_clean() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = run(hadolint, "--failure-threshold", "style", DEPLOY / "Dockerfile")
    assert done.returncode == 0, done.stdout


def test_container_runs_as_a_user_of_its_own_and_is_asked_about_its_health() -> None:
    last_stage = (DEPLOY / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!0|root)\S+$", last_stage, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*?/healthz", last_stage, re.MULTILINE | re.DOTALL)


def test_what_the_dockerfile_copies_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_compose_puts_the_proxy_in_front_and_nothing_else(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert services["proxy"]["environment"]["UPSTREAM"] == "kit:" + services["kit"]["environment"]["KIT_PORT"]


def test_compose_keeps_what_must_not_be_lost(services: dict[str, Any]) -> None:
    volumes = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["volumes"]
    mounted = {volume.partition(":")[0] for service in services.values() for volume in service["volumes"]}
    assert set(volumes) <= mounted


def test_systemd_unit_is_well_formed(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd on this machine")
    unit = (DEPLOY / "fieldkit.service").read_text().replace("/opt/fieldkit/bin/kit", sys.executable)
    (tmp_path / "fieldkit.service").write_text(unit)
    done = run("systemd-analyze", "verify", "--man=no", tmp_path / "fieldkit.service")
    assert [line for line in done.stderr.splitlines() if "fieldkit.service" in line] == []
