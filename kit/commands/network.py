"""Ports and addresses of this machine."""

import errno
import socket

from kit.commands.program import program
from kit.errors import CallerError

PORTS_TRIED = 50


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server((host, 0), family=_family(host)) as server:
        return int(server.getsockname()[1])


def check_port(host: str, port: int) -> None:
    """Raise CallerError, one line with what to do, where the server could not listen on ``host`` and ``port``."""
    trouble = _trouble(host, port)
    if trouble is None:
        return
    if trouble.errno == errno.EADDRINUSE:
        other = next(
            (p for p in range(port + 1, min(port + PORTS_TRIED, 65536)) if _trouble(host, p) is None), None
        )
        choice = str(other) if other else "PORT"
        raise CallerError(
            f"port {port} is in use already; choose another: {program()} serve --port {choice} "
            f"(or KIT_PORT={choice} make run)"
        )
    if trouble.errno == errno.EACCES:
        raise CallerError(f"port {port} needs root; choose one from 1024 up: {program()} serve --port 8000")
    raise CallerError(
        f"cannot listen on {host}: {trouble.strerror or trouble}; --host takes an address of this machine"
    )


def lan_address() -> str:
    """This machine's address on its network: the one that it would send from. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # an address reserved for documentation; connecting UDP only picks a route
            return str(probe.getsockname()[0])
        except OSError as error:
            raise CallerError(
                "this machine is on no network; connect it, or give its address: kit serve --host"
            ) from error


def _trouble(host: str, port: int) -> OSError | None:
    try:
        with socket.create_server((host, port), family=_family(host)):
            return None
    except OSError as error:
        return error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
