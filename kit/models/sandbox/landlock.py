"""Which files the process may still reach: programs and libraries to read, one folder to write (landlock(7), Linux 5.13).

The contents of the server's database and its secret are then out of reach even for a child whose parser was turned
against it; that a file is there, and how large, anybody may still ask. What else can be done to a file by its name alone
(its rights, its times) is for ``seccomp`` to refuse. Older kernels have no such thing; the other bounds hold there all the
same, and ``kit doctor`` and the page that takes models say so.

Newer ones also take rules for TCP (Linux 6.7) and for signals and abstract sockets (6.12): a second net below seccomp's.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446  # the same numbers on every architecture
VERSION = 1  # the flag that asks for it
UNDER_PATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = 1, 2, 4, 8, 16, 32
MAKE_DIR, MAKE_FILE = 1 << 7, 1 << 8  # links, sockets and devices have bits of their own, which nobody gets
FIRST_RIGHTS = (1 << 13) - 1  # all that the first version of landlock knows
REFER, TRUNCATE, DEVICES = 1 << 13, 1 << 14, 1 << 15
TCP, OTHERS = 3, 3  # bind and connect; signals and abstract sockets beyond this process
READ = EXECUTE | READ_FILE | READ_DIR
WRITE = WRITE_FILE | READ_FILE | READ_DIR | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_FILE
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICES


def close_in(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Restrict this process for good; False where the kernel cannot. Needs "no new privileges" set before."""
    known = version()
    if known < 1:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    handled = FIRST_RIGHTS | _later_rights(known)
    attributes = _attributes(handled, known)
    rules = libc.syscall(CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return False
    try:
        for path in readable:
            _add(libc, rules, path, READ)
        for path in writable:
            _add(libc, rules, path, handled & (WRITE | REFER | TRUNCATE | DEVICES))
        if libc.syscall(RESTRICT, rules, 0):
            raise OSError(ctypes.get_errno(), "the kernel takes no file rules")
    finally:
        os.close(rules)
    return True


def version() -> int:
    """Which version of landlock the kernel has; below 1 where it has none, or keeps it switched off."""
    if platform.system() != "Linux":
        return 0
    return int(ctypes.CDLL(None, use_errno=True).syscall(CREATE, None, 0, VERSION))


def _attributes(handled: int, known: int) -> bytes:
    """``struct landlock_ruleset_attr``, as long as the kernel knows it."""
    if known < 4:
        return struct.pack("=Q", handled)
    return struct.pack("=QQ", handled, TCP) if known < 6 else struct.pack("=QQQ", handled, TCP, OTHERS)


def _later_rights(known: int) -> int:
    return (REFER if known >= 2 else 0) | (TRUNCATE if known >= 3 else 0) | (DEVICES if known >= 5 else 0)


def _add(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        allowed = rights if path.is_dir() else rights & OF_FILES
        rule = struct.pack("=Qi", allowed, place)
        if libc.syscall(ADD, rules, UNDER_PATH, rule, 0):
            raise OSError(ctypes.get_errno(), f"the kernel takes no rule for {path}")
    finally:
        os.close(place)
