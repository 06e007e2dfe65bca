"""``kit serve``: migrate, print the links, become gunicorn."""

import os
import sys
from dataclasses import replace

import click

from kit.commands.group import example
from kit.commands.network import check_port, free_port, lan_address
from kit.commands.start import prepare
from kit.commands.welcome import welcome_lines
from kit.errors import CallerError
from kit.settings import Settings, load_settings, variable

ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - only with --lan, which asks for just that
PASSED_ON = ("host", "port", "workers", "public_url")
"""Settings that options can change: gunicorn's processes read them from the environment."""


@click.command(
    epilog=example(
        "kit serve",
        "kit serve --port 8001",
        "kit serve --lan",
        "KIT_PUBLIC_URL=https://study.example.org kit serve",
    )
)
@click.option("--host", help="Address to listen on; 0.0.0.0 for all. Without it: KIT_HOST, else 127.0.0.1.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one. Else KIT_PORT, 8000.",
)
@click.option(
    "--workers", type=click.IntRange(0, 256), help="Server processes; 0: as many as fit this machine."
)
@click.option("--lan", is_flag=True, help="Let phones and computers on this network in; prints a QR code.")
def serve(host: str | None, port: int | None, workers: int | None, lan: bool) -> None:
    """Start the server; the first start prints the links you need."""
    settings = served_settings(load_settings(host=host, port=port, workers=workers), lan=lan)
    check_port(settings.host, settings.port)
    links = prepare(settings)
    for line in welcome_lines(settings, links, lan):
        click.echo(line)
    sys.stdout.flush()
    become_gunicorn(settings)


def served_settings(settings: Settings, *, lan: bool) -> Settings:
    """The settings with a real port, and with ``--lan`` an address that others reach and links that name it."""
    if settings.port == 0:
        settings = replace(settings, port=free_port())
    if not lan:
        return settings
    url = settings.public_url or f"http://{lan_address()}:{settings.port}"
    return replace(settings, host=ALL_ADDRESSES, public_url=url)


def gunicorn_command() -> list[str]:
    """The server's command line; everything else stands in ``kit.gunicorn_config``."""
    return [sys.executable, "-m", "gunicorn", "--config", "python:kit.gunicorn_config", "kit.wsgi:app"]


def gunicorn_environment(settings: Settings) -> dict[str, str]:
    """This environment with what options have changed."""
    return dict(os.environ) | {variable(name): str(getattr(settings, name)) for name in PASSED_ON}


def become_gunicorn(settings: Settings) -> None:
    """Replace this process by the server, so that signals and exit codes are its own. Does not return."""
    if sys.platform == "win32":
        raise CallerError(
            "the server runs on Linux and macOS; on Windows use WSL or the container in deploy/"
        )
    command = gunicorn_command()
    os.execve(command[0], command, gunicorn_environment(settings))  # noqa: S606 - no shell is wanted
