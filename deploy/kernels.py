"""Compile the engine's WebAssembly kernels, when their sources changed: web/src/engine/wasm/kernels -> ../built.

The compiler is Zig's C compiler, which comes as a Python wheel (ziglang, 100 MB). The same sources and the same
compiler give the same bytes, so the compiled files (60 kB together on the wire) are kept with the sources: nobody needs
the compiler who does not change a kernel. `python deploy/kernels.py` compiles, `--check` says whether that is needed.
"""

import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WASM = Path("web", "src", "engine", "wasm")
COMPILER = "ziglang==0.17.1"
STAMP = "sources.sha256"

FLAGS = [
    *("--target=wasm32-freestanding", "-std=c17", "-O3", "-msimd128", "-mbulk-memory", "-nostdlib"),
    *("-Wall", "-Wextra", "-Werror", "-Wl,--no-entry", "-Wl,--import-memory", "-Wl,--strip-all"),
    *("-Wl,-z,stack-size=65536", "-Wl,--export=__heap_base", "-Wl,--export=__stack_pointer"),
]
# A module may grow to all of its 32-bit addresses; the host gives it exactly what a network needs.
THREADS = ["-matomics", "-Wl,--shared-memory", "-Wl,--max-memory=4294901760"]
RELAXED = ["-mrelaxed-simd"]
BUILDS = {
    "simd": [],
    "relaxed": RELAXED,
    "simd-threads": THREADS,
    "relaxed-threads": RELAXED + THREADS,
}


class KernelError(RuntimeError):
    """The kernels could not be compiled; the sentence says what to do."""


def sources_hash(wasm: Path) -> str:
    """Return a hash over what the compiled files are made from: the sources, the flags and the compiler."""
    digest = hashlib.sha256(f"{COMPILER} {FLAGS} {BUILDS}".encode())
    for path in sorted((wasm / "kernels").glob("*.[ch]")):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    """Say whether a checkout's compiled files are those of the sources beside them."""
    wasm = root / WASM
    stamp = wasm / "built" / STAMP
    return stamp.is_file() and stamp.read_text().strip() == sources_hash(wasm)


def layout(header: str) -> str:
    """Return enums and structs of steps.h as TypeScript: the host writes fields by name, in the order that C reads."""
    lines = ["// Made from kernels/steps.h by deploy/kernels.py."]
    for name, body in re.findall(r"^enum (\w+) \{(.*?)\};", header, re.MULTILINE | re.DOTALL):
        words = [word.strip().lower() for word in body.split(",")]
        lines += [f"export const {name.upper()} = {{", *(f"  {word}: {i}," for i, word in enumerate(words))]
        lines += ["} as const;", ""]
    lines.append("export const LAYOUT = {")
    for name, body in re.findall(r"^struct (\w+) \{\n(.*?)^\};", header, re.MULTILINE | re.DOTALL):
        lines.append(f"  {name}: {{")
        lines += [f"    {field}: {kind}," for field, kind in _fields(body)]
        lines.append("  },")
    return "\n".join([*lines, "} as const;", ""])


def _fields(body: str) -> list[tuple[str, str]]:
    found = []
    for line in body.splitlines():
        match = re.fullmatch(r"\s+(?:const )?(?:struct )?(?:unsigned )?(\w+) (\*?)(\w+);", line)
        if match is None:
            raise KernelError(f"steps.h: cannot read the field {line.strip()!r}")
        kind, pointer, field = match.groups()
        found.append((field, '"int"' if pointer else f'"{kind}"'))
    return found


def compile_kernels(into: Path, wasm: Path) -> None:
    """Write all builds and the layout into a folder."""
    if importlib.util.find_spec("ziglang") is None:
        raise KernelError(f'kernels changed and there is no compiler for them: pip install "{COMPILER}"')
    into.mkdir(parents=True, exist_ok=True)
    sources = [str(path) for path in sorted((wasm / "kernels").glob("*.c"))]
    for name, flags in BUILDS.items():
        command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, *flags, *sources]
        command += ["-o", str(into / f"{name}.wasm")]
        done = subprocess.run(command, check=False, cwd=wasm, capture_output=True, text=True)
        if done.returncode:
            raise KernelError(f"the kernels do not compile ({name}):\n{done.stderr}")
        (into / f"{name}.wasm").chmod(0o644)
    (into / "layout.ts").write_text(layout((wasm / "kernels" / "steps.h").read_text()))
    (into / STAMP).write_text(sources_hash(wasm) + "\n")


def bring_up_to_date(root: Path) -> None:
    """Compile when a source changed. Either all files are replaced, or none."""
    if is_current(root):
        return
    wasm = root / WASM
    print("==> kernels of the engine", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=wasm) as folder:
        compile_kernels(Path(folder), wasm)
        (wasm / "built").mkdir(exist_ok=True)
        for path in sorted(Path(folder).iterdir()):
            path.replace(wasm / "built" / path.name)


def main(arguments: list[str]) -> int:
    """Compile, or with --check only say whether that is needed."""
    if "--check" in arguments:
        return 0 if is_current(ROOT) else 1
    try:
        bring_up_to_date(ROOT)
    except KernelError as problem:
        print(f"kernels: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
