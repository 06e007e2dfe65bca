"""Importing what talks too much."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


def import_quietly(name: str) -> ModuleType:
    """Import a module without what its native code writes to standard error.

    TensorFlow writes half a dozen lines about graphics cards before any setting of its own counts. What goes wrong
    comes as an exception all the same.
    """
    with _nothing_on_stderr():
        return import_module(name)


@contextmanager
def _nothing_on_stderr() -> Iterator[None]:
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
