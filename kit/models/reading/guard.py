"""The last net under the readers: what NumPy or Python refuse while a step is read becomes one sentence about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from kit.models.errors import BundleError


@contextmanager
def guarded(where: str) -> Iterator[None]:
    """Turn errors of arithmetic, shapes and memory into a BundleError that names the layer or node.

    The readers check what they can foresee and say it better; this is for what NumPy alone can judge.
    """
    try:
        with np.errstate(all="ignore"):  # what is not finite is refused where it is stored
            yield
    except BundleError:
        raise
    except MemoryError as error:
        raise BundleError(f"{where} needs more memory than there is") from error
    except (ValueError, TypeError, ArithmeticError, LookupError, RecursionError) as error:
        said = " ".join(str(error).split())[:120]
        raise BundleError(f"{where}: its settings and its inputs do not fit together ({said})") from error
