"""A filter of system calls for the process that asks for it: no network, no other programs, no other processes.

The filter is a program of the classic Berkeley packet filter that the kernel runs at each call (seccomp(2), Linux 3.5).
It names what is refused; everything else is bounded by resource limits and by ``landlock``. What it refuses fails with
"operation not permitted", as it would for lack of a right.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

REFUSED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "listen": (50, 201),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setpriority": (141, 140),
    "setrlimit": (160, 164),
    "kcmp": (312, 272),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
}
"""The numbers on x86-64 and on 64-bit ARM, from the kernel's tables."""
CLONE, CLONE3, KILL, TGKILL, PRLIMIT = (56, 220), (435, 435), (62, 129), (234, 131), (302, 261)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
X32_CALLS = 0x40000000
CLONE_THREAD = 0x00010000

LOAD, EQUAL, AT_LEAST, HAS_BIT, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_LOW, THIRD_LOW, THIRD_HIGH = 0, 4, 16, 32, 36  # offsets in struct seccomp_data
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
    for numbers in REFUSED.values():
        number = numbers[column]
        if number is not None:
            steps += _when(number, [(ANSWER, 0, 0, NOT_PERMITTED)])
    # glibc tries clone3 first, whose arguments a filter cannot see, and takes clone where that is not there.
    steps += _when(CLONE3[column], [(ANSWER, 0, 0, NOT_THERE)])
    steps += _when(CLONE[column], _only_if(FIRST_LOW, (HAS_BIT, CLONE_THREAD)))
    for call in (KILL, TGKILL):
        steps += _when(call[column], _only_if(FIRST_LOW, (EQUAL, own)))
    # prlimit reads limits where its third argument is null, and raises them where it is not.
    steps += _when(PRLIMIT[column], _only_if(THIRD_LOW, (EQUAL, 0), then=_only_if(THIRD_HIGH, (EQUAL, 0))))
    return [*steps, (ANSWER, 0, 0, ALLOW)]


def _when(number: int, body: list[Step]) -> list[Step]:
    """Steps that are taken for one call only; the body must end in an answer."""
    return [(EQUAL, 0, len(body), number), *body]


def _only_if(offset: int, test: tuple[int, int], then: list[Step] | None = None) -> list[Step]:
    allowed = then or [(ANSWER, 0, 0, ALLOW)]
    return [
        (LOAD, 0, 0, offset),
        (test[0], 0, len(allowed), test[1]),
        *allowed,
        (ANSWER, 0, 0, NOT_PERMITTED),
    ]
