"""``kit rivals``: the runtimes that the engine is compared with."""

import click

from kit.commands.group import example
from kit.rivals import installed
from kit.rivals.install import install


@click.command(epilog=example("kit rivals", "kit bench --models flowers-small --modes direct-wasm,ort-wasm"))
def rivals() -> None:
    """Install ONNX Runtime Web and LiteRT.js for comparison.

    About 110 MB are downloaded with npm, as a lock file in the package pins them; 100 MB are kept in this Python environment.
    Studies that do not name ort-wasm, ort-webgpu or litert-webgpu never load them.
    """
    folder = install()
    for name in sorted(installed().values()):
        click.echo(f"{name}: {folder / name}")
