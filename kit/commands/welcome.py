"""The lines that ``kit serve`` prints when it starts: where to go, and who can get there."""

import io
from collections.abc import Iterator

from kit import __version__
from kit.commands.program import program
from kit.commands.start import Links
from kit.settings import Settings

LOCAL = ("127.0.0.1", "localhost", "::1")


def welcome_lines(settings: Settings, links: Links, lan: bool) -> Iterator[str]:
    """Everything that a start says."""
    yield f"Fieldkit {__version__} at {settings.base_url} ({_database(settings)})"
    yield ""
    if links.tester:
        yield f"  Testers open      {links.tester}"
    else:
        yield f"  There is no open study; make one: {program()} study new --help"
    if links.admin:
        yield f"  You sign in once  {links.admin}"
        yield "                    (works once, within a day, and sets your password)"
    else:
        yield f"  Dashboard         {settings.base_url}/admin"
    yield ""
    yield from _reach(settings, links, lan)
    yield "Ctrl-C stops the server."


def qr_lines(url: str) -> list[str]:
    """A QR code as text, two modules a character."""
    import segno

    out = io.StringIO()
    segno.make(url, error="m").terminal(out=out, compact=True, border=2)
    return out.getvalue().splitlines()


def _reach(settings: Settings, links: Links, lan: bool) -> Iterator[str]:
    if lan and links.tester:
        yield from (f"  {line}" for line in qr_lines(links.tester))
        yield "These links work on this network. Over plain http browsers give a page no webcam and no WebGPU;"
        yield "TLS brings them: the proxy in deploy/ (deploy/README.md)."
    elif not settings.public_url and settings.host in LOCAL:
        yield "These links work on this machine only. To let others in:"
        lan_command = f"{program()} serve --lan"
        yield f"  {lan_command}   phones and computers on this network, with a QR code"
        yield f"  {'deploy/':{len(lan_command)}}   a server with a name and TLS (deploy/README.md)"


def _database(settings: Settings) -> str:
    return "PostgreSQL" if settings.database.startswith("postgresql") else f"SQLite in {settings.home}"
