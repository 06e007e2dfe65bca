"""A filter of system calls for the process that asks for it: no network, no other programs, no other processes.

The filter is a program of the classic Berkeley packet filter that the kernel runs at each call (seccomp(2), Linux 3.5).
``calls`` names what is refused; everything else is bounded by resource limits and by ``landlock``. What it refuses fails
with "operation not permitted", as it would for lack of a right.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable

from kit.models.sandbox.calls import ABSENT, JUDGED, REFUSED

ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
X32_CALLS = 0x40000000
CLONE_THREAD = 0x00010000
WRITES, TRUNCATES = 0b11, 0o1000  # of open(2): the bits that say read or write; O_TRUNC
READ_ONLY, NEITHER = 0, 3  # "neither" is good for ioctl only, and Landlock lets it pass
SIGNALS_OR_LEASES = (8, 10, 15, 1024)  # fcntl(2): F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE
FOR_FILES = (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)  # TCGETS, TIOCGWINSZ, FIONREAD, FIONCLEX, FIOCLEX
OF_OTHERS = (1, 62)  # prctl(2): PR_SET_PDEATHSIG, which holds the child to its parent; PR_SCHED_CORE

LOAD, EQUAL, AT_LEAST, HAS_BIT, MASK, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER, ARCHITECTURE, FIRST_LOW, SECOND_LOW, THIRD_LOW, THIRD_HIGH = 0, 4, 16, 24, 32, 36
"""Offsets in struct seccomp_data."""
ALLOW, KILL_PROCESS, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
NOT_PERMITTED, NOT_THERE = ERRNO | errno.EPERM, ERRNO | errno.ENOSYS

NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2  # of prctl(2)

Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def supported() -> bool:
    """Whether there is a filter for this machine."""
    return platform.system() == "Linux" and platform.machine() in ARCHITECTURES


def close_in() -> None:
    """Put the filter on this process for good. Raises OSError where the kernel does not take it."""
    libc = ctypes.CDLL(None, use_errno=True)
    steps = filter_steps(*ARCHITECTURES[platform.machine()], own=os.getpid())
    program = _Program(len(steps), b"".join(struct.pack("=HBBI", *step) for step in steps))
    for call in ((NO_NEW_PRIVILEGES, 1, 0, 0, 0), (SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0)):
        if libc.prctl(*call):
            raise OSError(ctypes.get_errno(), "the kernel takes no system call filter")


def filter_steps(column: int, architecture: int, own: int) -> list[Step]:
    """The filter: (code, jump if true, jump if false, value) for each step. ``own``: this process' number."""
    steps: list[Step] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (ANSWER, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER),
    ]
    if column == 0:
        steps += [(AT_LEAST, 0, 1, X32_CALLS), (ANSWER, 0, 0, NOT_PERMITTED)]
    bodies = [
        *((numbers, [(ANSWER, 0, 0, NOT_PERMITTED)]) for numbers in REFUSED.values()),
        *((numbers, [(ANSWER, 0, 0, NOT_THERE)]) for numbers in ABSENT.values()),
        *((JUDGED[name], body) for name, body in _judgements(own).items()),
    ]
    for numbers, body in bodies:
        number = numbers[column]
        if number is not None:
            steps += [(EQUAL, 0, len(body), number), *body]
    return [*steps, (ANSWER, 0, 0, ALLOW)]


def _judgements(own: int) -> dict[str, list[Step]]:
    """What to look at, call by call. The kernel reads whole numbers of 32 bits from all that are looked at by halves."""
    return {
        "clone": _only_if(FIRST_LOW, (HAS_BIT, CLONE_THREAD)),
        "kill": _only_if(FIRST_LOW, (EQUAL, own)),
        "tgkill": _only_if(FIRST_LOW, (EQUAL, own)),
        # It reads limits where its third argument is null, and raises them where it is not.
        "prlimit64": _only_if(THIRD_LOW, (EQUAL, 0), then=_only_if(THIRD_HIGH, (EQUAL, 0))),
        "fcntl": _unless(SECOND_LOW, SIGNALS_OR_LEASES),
        "ioctl": _unless(SECOND_LOW, FOR_FILES, found=ALLOW, otherwise=NOT_PERMITTED),
        "prctl": _unless(FIRST_LOW, OF_OTHERS),
        "open": _opening(SECOND_LOW),
        "openat": _opening(THIRD_LOW),
    }


def _only_if(offset: int, test: tuple[int, int], then: list[Step] | None = None) -> list[Step]:
    allowed = then or [(ANSWER, 0, 0, ALLOW)]
    return [
        (LOAD, 0, 0, offset),
        (test[0], 0, len(allowed), test[1]),
        *allowed,
        (ANSWER, 0, 0, NOT_PERMITTED),
    ]


def _unless(
    offset: int, values: Iterable[int], *, found: int = NOT_PERMITTED, otherwise: int = ALLOW, mask: int = 0
) -> list[Step]:
    """``found`` where the argument, of which only ``mask`` counts if given, is one of ``values``; else ``otherwise``."""
    steps: list[Step] = [(LOAD, 0, 0, offset), *([(MASK, 0, 0, mask)] if mask else [])]
    for value in values:
        steps += [(EQUAL, 0, 1, value), (ANSWER, 0, 0, found)]
    return [*steps, (ANSWER, 0, 0, otherwise)]


def _opening(flags: int) -> list[Step]:
    """Landlock before Linux 6.2 does not see that a file that is opened to be read, or for nothing, is emptied."""
    empties = (READ_ONLY | TRUNCATES, NEITHER, NEITHER | TRUNCATES)
    return _unless(flags, empties, mask=WRITES | TRUNCATES)
