"""Sparse histograms as they are stored: a little-endian uint16 bucket of ``BUCKETS`` and a uint32 count, again and again,
buckets ascending, no count of 0; NULL for nothing.
"""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

PAIR = np.dtype([("bucket", "<u2"), ("count", "<u4")])


def pack(histogram: Counter[int]) -> bytes | None:
    """Bytes to store. Raises ValueError for a count below 0: what is taken away was never added."""
    pairs = sorted((bucket, count) for bucket, count in histogram.items() if count)
    if not pairs:
        return None
    if min(count for _, count in pairs) < 0:
        raise ValueError("a cell would count fewer than no machines; run `kit db rebuild`")
    return np.array(pairs, dtype=PAIR).tobytes()


def unpack(data: bytes | None) -> Counter[int]:
    """The reverse of ``pack``."""
    pairs = np.frombuffer(data or b"", dtype=PAIR)
    return Counter(dict(zip(pairs["bucket"].tolist(), pairs["count"].tolist(), strict=True)))


def unpack_all(
    blobs: Iterable[bytes | None],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Many at once: for each pair the position of its blob, its bucket and its count."""
    known = [blob or b"" for blob in blobs]
    pairs = np.frombuffer(b"".join(known), dtype=PAIR)
    lengths = np.fromiter((len(blob) // PAIR.itemsize for blob in known), dtype=np.int64, count=len(known))
    positions = np.repeat(np.arange(len(known)), lengths)
    return positions, pairs["bucket"].astype(np.int64), pairs["count"].astype(np.int64)
