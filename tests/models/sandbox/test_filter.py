"""The filter's program, run step by step as the kernel does: for both architectures, whichever this machine is."""

import re
from pathlib import Path

import pytest

from kit.models.sandbox import seccomp
from kit.models.sandbox.calls import ABSENT, JUDGED, REFUSED
from kit.models.sandbox.seccomp import ALLOW, ARCHITECTURES, NOT_PERMITTED, NOT_THERE

OWN, OTHER = 4242, 1
TABLES = {
    0: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    1: Path("/usr/include/asm-generic/unistd.h"),  # what 64-bit ARM takes its numbers from
}
machines = pytest.mark.parametrize("machine", ARCHITECTURES)


def judged(machine: str, name: str, *arguments: int) -> int:
    """What the filter answers to a call."""
    column, architecture = ARCHITECTURES[machine]
    number = (REFUSED | ABSENT | JUDGED)[name][column]
    if number is None:  # the architecture has no such call
        return NOT_PERMITTED
    fields = {0: number, 4: architecture}
    for index, argument in enumerate(arguments):
        fields |= {16 + 8 * index: argument & 0xFFFFFFFF, 20 + 8 * index: argument >> 32}
    return run(seccomp.filter_steps(column, architecture, OWN), fields)


def run(steps: list[seccomp.Step], fields: dict[int, int]) -> int:
    held, place = 0, 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        match code:
            case seccomp.LOAD:
                held = fields.get(value, 0)
            case seccomp.MASK:
                held &= value
            case seccomp.ANSWER:
                return value
            case seccomp.EQUAL:
                place += yes if held == value else no
            case seccomp.AT_LEAST:
                place += yes if held >= value else no
            case seccomp.HAS_BIT:
                place += yes if held & value else no


@machines
def test_what_is_refused_is_refused(machine: str) -> None:
    assert {judged(machine, name) for name in REFUSED} == {NOT_PERMITTED}
    assert {judged(machine, name) for name in ABSENT} == {NOT_THERE}


@machines
@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("kill", (OWN, 15), ALLOW),
        ("kill", (OTHER, 15), NOT_PERMITTED),
        ("tgkill", (OTHER, OTHER, 15), NOT_PERMITTED),
        ("clone", (0x00010000 | 0x100,), ALLOW),
        ("clone", (17,), NOT_PERMITTED),
        ("prlimit64", (0, 9, 0), ALLOW),
        ("prlimit64", (0, 9, 1 << 32), NOT_PERMITTED),
        ("fcntl", (3, 3), ALLOW),
        ("fcntl", (3, 8, OTHER), NOT_PERMITTED),
        ("fcntl", (3, 10, 15), NOT_PERMITTED),
        ("fcntl", (3, 15, 1 << 40), NOT_PERMITTED),
        ("fcntl", (3, 1024, 1), NOT_PERMITTED),
        ("ioctl", (1, 0x5401), ALLOW),
        ("ioctl", (1, 0x5412), NOT_PERMITTED),
        ("ioctl", (1, 0x8901), NOT_PERMITTED),
        ("prctl", (15,), ALLOW),
        ("prctl", (1, 0), NOT_PERMITTED),
        ("open", (9, 3), NOT_PERMITTED),
        ("openat", (9, 9, 0o1 | 0o100 | 0o1000), ALLOW),
        ("openat", (9, 9, 0o2 | 0o1000), ALLOW),
        ("openat", (9, 9, 0o1000), NOT_PERMITTED),
        ("openat", (9, 9, 0o2000000 | 0o1003), NOT_PERMITTED),
    ],
)
def test_what_it_depends_on(machine: str, name: str, arguments: tuple[int, ...], answer: int) -> None:
    assert judged(machine, name, *arguments) == answer


@pytest.mark.parametrize("column", TABLES)
def test_the_numbers_are_the_kernels(column: int) -> None:
    if not TABLES[column].is_file():
        pytest.skip("the kernel's headers (linux-libc-dev) are not installed")
    text = TABLES[column].read_text()
    numbers = {name: int(number) for name, number in re.findall(r"#define __NR_(\w+)\s+(\d+)\b", text)}
    numbers |= {name: int(number) for name, number in re.findall(r"#define __NR3264_(\w+)\s+(\d+)\b", text)}
    newest = max(numbers.values())
    wrong = {
        name: both[column]
        for name, both in (REFUSED | ABSENT | JUDGED).items()
        if numbers.get(name) != both[column] and (both[column] or 0) <= newest
    }
    assert wrong == {}
