"""Finding browsers, and ending what was started."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit.bench import browsers
from kit.bench.browsers import Browser, command_line, find_browser, require_browser, virtual_screen
from kit.bench.launch import running
from kit.errors import CallerError


def test_no_browser_says_what_was_looked_for_and_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(browsers, "CANDIDATES", {"chromium": ("chromium", "google-chrome"), "firefox": ()})
    with pytest.raises(
        CallerError, match=r"looked for chromium, google-chrome\); apt install chromium .*KIT_CHROMIUM"
    ):
        require_browser("chromium")


def test_a_named_browser_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_FIREFOX", "/nowhere/firefox")
    assert find_browser("firefox") is None
    with pytest.raises(CallerError, match="KIT_FIREFOX is /nowhere/firefox, which is not a program"):
        require_browser("firefox")


def test_firefox_without_any_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(CallerError, match="apt install xvfb"):
        virtual_screen("llvmpipe")


def test_firefox_gets_a_quiet_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "virtual_screen", lambda _gl: [])
    command = command_line(Browser("firefox", "firefox"), "llvmpipe", tmp_path, "http://127.0.0.1:1/s/x")
    assert command[-1] == "http://127.0.0.1:1/s/x"
    assert 'user_pref("browser.aboutwelcome.enabled", false);' in (tmp_path / "user.js").read_text(
        encoding="utf-8"
    )


def test_chromium_gets_the_gl_that_was_asked_for(tmp_path: Path) -> None:
    command = command_line(Browser("chromium", "chromium"), "llvmpipe", tmp_path, "http://127.0.0.1:1/s/x")
    assert "--use-angle=gl-egl" in command
    assert f"--user-data-dir={tmp_path}" in command


# A child that starts a child of its own, prints its id, and never ends by itself.
FAMILY = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); time.sleep(600)"


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_everything_that_was_started_is_ended(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(KeyboardInterrupt):
        _interrupted(log)
    assert not alive(int(log.read_text(encoding="utf-8")))


def _interrupted(log: Path) -> None:
    with running([sys.executable, "-c", FAMILY], log):
        while not log.read_text(encoding="utf-8").strip():
            time.sleep(0.02)
        raise KeyboardInterrupt


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not collected yet does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")
