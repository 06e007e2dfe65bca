"""Which browsers are installed here, and how one is started at a page without anybody to click.

The flags for software GPUs were found by trying on Debian 12: SwiftShader and llvmpipe serve as two different
machines where there is no GPU. Firefox has WebGL2 only on a screen, so it gets a virtual one where there is none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kit.errors import CallerError

Kind = Literal["chromium", "firefox"]
Gl = Literal["swiftshader", "llvmpipe", "native"]
KINDS: tuple[Kind, ...] = ("chromium", "firefox")
GLS: tuple[Gl, ...] = ("swiftshader", "llvmpipe", "native")

# Looked for in this order: first on PATH, then where installers put them.
CANDIDATES: Mapping[Kind, tuple[str, ...]] = {
    "chromium": (
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "microsoft-edge",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    ),
    "firefox": (
        "firefox-esr",
        "firefox",
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        "C:/Program Files/Mozilla Firefox/firefox.exe",
    ),
}
VERSION_S = 20
OVERRIDE: Mapping[Kind, str] = {"chromium": "KIT_CHROMIUM", "firefox": "KIT_FIREFOX"}
INSTALL: Mapping[Kind, str] = {
    "chromium": "apt install chromium (Debian), or install Google Chrome",
    "firefox": "apt install firefox-esr (Debian), or install Firefox",
}

CHROMIUM_QUIET = (
    "--headless=new",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--password-store=basic",
    "--use-mock-keychain",
    "--mute-audio",
    "--window-size=1280,900",
)
# WebGPU without a GPU is SwiftShader in either case. Where WebGL is SwiftShader too, the page has to be put together by
# it (--use-vulkan): with another Vulkan, or none, the graphics process dies at the first picture on a WebGPU canvas.
SOFTWARE_WEBGPU = ("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan")
SWIFTSHADER = (
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--use-vulkan=swiftshader",
    *SOFTWARE_WEBGPU,
)
CHROMIUM_GL: Mapping[Gl, tuple[str, ...]] = {
    "swiftshader": SWIFTSHADER,
    "llvmpipe": ("--use-gl=angle", "--use-angle=gl-egl", "--ignore-gpu-blocklist", *SOFTWARE_WEBGPU),
    "native": ("--enable-gpu",),
}
FIREFOX_PREFERENCES: Mapping[str, bool | int | str] = {
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "startup.homepage_welcome_url": "",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


@dataclass(frozen=True)
class Browser:
    """An installed browser."""

    kind: Kind
    path: str


def find_browser(kind: Kind) -> Browser | None:
    """The installed browser of this kind that comes first; ``KIT_CHROMIUM`` or ``KIT_FIREFOX`` names another."""
    chosen = os.environ.get(OVERRIDE[kind])
    if chosen:
        return Browser(kind, chosen) if shutil.which(chosen) else None
    found = (shutil.which(name) for name in CANDIDATES[kind])
    return next((Browser(kind, path) for path in found if path), None)


def require_browser(kind: Kind) -> Browser:
    """As ``find_browser``, or an error that names what was looked for and how to install one."""
    browser = find_browser(kind)
    if browser:
        return browser
    chosen = os.environ.get(OVERRIDE[kind])
    if chosen:
        raise CallerError(f"{OVERRIDE[kind]} is {chosen}, which is not a program; give the path of a {kind}")
    names = ", ".join(name for name in CANDIDATES[kind] if "/" not in name)
    raise CallerError(
        f"no {kind} found (looked for {names}); {INSTALL[kind]}, or set {OVERRIDE[kind]} to its path"
    )


def browser_version(browser: Browser) -> str:
    """What the program says of itself, such as "Chromium 156.0.8078.79 built on Debian"; its kind where it says nothing."""
    try:
        done = subprocess.run(
            [browser.path, "--version"], capture_output=True, text=True, timeout=VERSION_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return browser.kind
    return " ".join(done.stdout.split()) or browser.kind


def check_gl(kind: Kind, gl: Gl) -> None:
    """Refuse what a browser cannot be told: Firefox takes the GL that its screen gives."""
    if kind == "firefox" and gl == "swiftshader":
        raise CallerError("Firefox cannot run on SwiftShader; use --gl llvmpipe (software) or --gl native")


def command_line(browser: Browser, gl: Gl, profile: Path, url: str) -> list[str]:
    """The whole command that opens ``url`` in a browser with a fresh ``profile`` folder."""
    check_gl(browser.kind, gl)
    if browser.kind == "chromium":
        return _chromium(browser, gl, profile, url)
    return _firefox(browser, gl, profile, url)


def _chromium(browser: Browser, gl: Gl, profile: Path, url: str) -> list[str]:
    # The sandbox needs user namespaces, which containers and root do not have; the only page is our own.
    sandbox = ["--no-sandbox"] if sys.platform.startswith("linux") else []
    return [browser.path, *CHROMIUM_QUIET, *CHROMIUM_GL[gl], *sandbox, f"--user-data-dir={profile}", url]


def _firefox(browser: Browser, gl: Gl, profile: Path, url: str) -> list[str]:
    lines = (f"user_pref({_js(key)}, {_js(value)});" for key, value in FIREFOX_PREFERENCES.items())
    (profile / "user.js").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [browser.path, "--profile", str(profile), "--no-remote", "--new-instance", url]
    return [*virtual_screen(gl), *command]


def virtual_screen(gl: Gl) -> list[str]:
    """What to put before a command that needs a screen: nothing where there is one and it is wanted."""
    has_screen = (
        not sys.platform.startswith("linux") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if has_screen and gl == "native":
        return []
    xvfb = shutil.which("xvfb-run")
    if xvfb is None:
        raise CallerError(
            "Firefox needs a screen for WebGL2 and there is none; apt install xvfb xauth libgl1-mesa-dri"
        )
    return [xvfb, "-a", "-s", "-screen 0 1280x900x24"]


def _js(value: bool | int | str) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
