"""The steps of deploy/README.md, without a container engine: the installed wheel, PostgreSQL, the proxy."""

import shutil
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.house.shell import ROOT, answers, free_port, plain_environment, run_well, serving
from tests.house.visitor import Visitor

CADDYFILE = ROOT / "deploy" / "Caddyfile"


def caddy() -> str | None:
    """The proxy: installed, or unpacked by tests/system-packages.sh."""
    unpacked = ROOT / ".cache" / "caddy" / "usr" / "bin" / "caddy"
    return shutil.which("caddy") or (str(unpacked) if unpacked.is_file() else None)


@dataclass(frozen=True)
class Server:
    """A running `kit serve` of the installed wheel."""

    bin: Path
    environment: dict[str, str]
    base: str
    log: Path

    def kit(self, *words: str) -> str:
        """What a command prints that works on this server's data."""
        return run_well(self.bin / "kit", *words, environment=self.environment)

    def new_study(self, model: str = "test-blocks") -> str:
        """The path of the link of a new study; of the very small bundle where it does not matter."""
        made = self.kit("study", "new", "--title", "A deployed study", "--models", model, "--json")
        return "/s/" + made.partition("/s/")[2].partition('"')[0]


@contextmanager
def server(
    bin_folder: Path, folder: Path, command: list[str] | None = None, **settings: str
) -> Iterator[Server]:
    """Run `kit serve` (or another command of the same environment) with these settings until it answers."""
    port = free_port()
    environment = plain_environment(KIT_HOME=str(folder / "home"), KIT_PORT=str(port), **settings)
    base, log = f"http://127.0.0.1:{port}", folder / "server.log"
    words: list[str | Path] = [bin_folder / word for word in (command or ["kit", "serve"])[:1]]
    words += (command or ["kit", "serve"])[1:]
    with serving(words, lambda: answers(f"{base}/readyz"), log, environment):
        yield Server(bin_folder, environment, base, log)


@dataclass(frozen=True)
class Proxy:
    """A running proxy, and the certificate authority that it made for itself."""

    base: str
    log: Path
    context: ssl.SSLContext

    def visitor(self) -> Visitor:
        """A tester who comes through the proxy."""
        return Visitor(self.base, self.context)


@contextmanager
def proxy(folder: Path, upstream: str, https_port: int) -> Iterator[Proxy]:
    """Run the Caddyfile of deploy/ in front of `upstream` (host:port), with TLS on `https_port`."""
    folder.mkdir()
    authority = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    environment = plain_environment(
        SITE="localhost",
        UPSTREAM=upstream,
        HTTP_PORT=str(free_port()),
        HTTPS_PORT=str(https_port),
        HOME=str(folder),
        XDG_DATA_HOME=str(folder),
        XDG_CONFIG_HOME=str(folder),
    )
    command: list[str | Path] = [str(caddy()), "run", "--config", CADDYFILE, "--adapter", "caddyfile"]

    def ready() -> bool:
        # The certificate comes a moment after the port.
        time.sleep(0.2)
        return authority.is_file() and any((folder / "caddy" / "certificates").glob("*/*/*.crt"))

    with serving(command, ready, folder / "proxy.log", environment):
        context = ssl.create_default_context(cafile=str(authority))
        yield Proxy(f"https://localhost:{https_port}", folder / "proxy.log", context)
