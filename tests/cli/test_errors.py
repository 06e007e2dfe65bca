"""Every mistake is one line that names what is wrong and says what to do, and an exit code that is not 0."""

from pathlib import Path

import pytest

from tests.cli.conftest import Kit, OneLine

NEW = ["study", "new", "--title", "x", "--models"]

MISTAKES = [
    (["stduy", "list"], "did you mean 'study'?"),
    (["study", "new", "--title", "x"], "Missing option '--models'"),
    ([*NEW, "flowers-medium"], "there is no model flowers-medium; there are: "),
    ([*NEW, "test-blocks", "--modes", "tfjs-pixel"], "did you mean tfjs-pixels?"),
    ([*NEW, "test-blocks", "--modes", "litert-webgpu[threads=2]"], "it takes precision"),
    (
        [*NEW, "test-blocks", "--set", "warmup=1"],
        "protocol.warmup: there is no such field; measuring knobs are blocks",
    ),
    ([*NEW, "test-blocks", "--set", "blocks"], "write KNOB=VALUE"),
    (
        [*NEW, "test-blocks", "--set", "blocks=1"],
        "protocol.blocks: Input should be greater than or equal to 2",
    ),
    ([*NEW, "test-blocks", "--seconds", "0"], "0.0 is not in the range"),
    (["study", "show", "nothing"], "there is no study nothing; `kit study list` shows"),
    (["study", "close", "nothing"], "there is no study nothing"),
    (["link", "new", "nothing"], "there is no study nothing"),
    (["link", "off", "abcdefgh"], "there is no link abcdefgh"),
    (["admin", "link", "ada"], "add one: kit admin add ada"),
    (["admin", "add", "ada lovelace"], "name: use letters, digits"),
    (["models", "verify", "flowers-medium"], "there is no model flowers-medium"),
    (["export", "runs", "--format", "parquet"], "name a file: --out FILE"),
    (["export", "runs", "--study", "nothing"], "there is no study nothing"),
    (["bench", "--models", "test-blocks", "--modes", "tfjs-pixel"], "did you mean tfjs-pixels?"),
    (["bench", "--out", "/nowhere/bench.json"], "the folder /nowhere is not there"),
    (
        ["bench", "--models", "test-blocks", "--browser", "firefox", "--gl", "swiftshader"],
        "use --gl llvmpipe",
    ),
    (["serve", "--port", "70000"], "70000 is not in the range"),
    (
        ["train", "flowers-small", "--data", ".", "--out", "x"],
        "holds neither photographs nor a folder flowers",
    ),
]


@pytest.mark.parametrize(
    ("arguments", "says"), MISTAKES, ids=[" ".join(arguments) for arguments, _ in MISTAKES]
)
def test_a_mistake_is_one_line(kit: Kit, one_line: OneLine, arguments: list[str], says: str) -> None:
    assert says in one_line(kit(*arguments, code=2))


@pytest.mark.parametrize("modes", ["litert-webgpu", "tfjs-webgl,litert-webgpu[precision=float16]"])
def test_a_rival_without_its_runtime(
    kit: Kit, one_line: OneLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, modes: str
) -> None:
    monkeypatch.setattr("kit.rivals.place", lambda: tmp_path)
    line = one_line(kit(*NEW, "test-blocks", "--modes", modes, code=2))
    assert "litert-webgpu needs @litertjs/core, which is not installed here; `kit rivals` installs it" in line


def test_a_typo_in_a_setting(kit: Kit, one_line: OneLine) -> None:
    line = one_line(kit("study", "list", code=2, KIT_PROT="8001"))
    assert "KIT_PROT is not a setting; did you mean KIT_PORT?" in line


def test_a_taken_name(kit: Kit, study: str, one_line: OneLine) -> None:
    line = one_line(kit(*NEW, "test-blocks", "--name", study, code=2))
    assert f"there is a study called {study} already" in line


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"),
        ("[]", 'no "definition"'),
        ('{"definition": {"title": "x"}}', "models: Field required"),
        (
            '{"definition": {"title": "x", "models": ["test-blocks"], "protocol": {"blocks": NaN}}}',
            "protocol.blocks",
        ),
    ],
)
def test_a_bad_study_file(kit: Kit, one_line: OneLine, tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "study.json"
    file.write_text(content, encoding="utf-8")
    assert says in one_line(kit("study", "import", str(file), code=2))


def test_a_fault_of_ours_is_one_line_too(kit: Kit, one_line: OneLine) -> None:
    kit.home.mkdir()
    (kit.home / "fieldkit.sqlite").mkdir()  # nobody expects a folder there
    line = one_line(kit("study", "list", code=70))
    assert "a fault in Fieldkit: OperationalError" in line
    assert "KIT_DEBUG=1 shows where" in line
