"""Where a resized picture looks: the places of the ``resize`` operator along one axis, exact."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Coordinates: TypeAlias = Literal["asymmetric", "half_pixel", "align_corners"]
Places: TypeAlias = NDArray[np.int64]


def nearest_places(source: int, target: int, coordinates: Coordinates) -> Places:
    """For each of ``target`` places the one of ``source`` that it takes. In whole numbers, so nothing is rounded."""
    index = np.arange(target, dtype=np.int64)
    match coordinates:
        case "asymmetric":
            places = index * source // target
        case "half_pixel":
            places = (2 * index + 1) * source // (2 * target)
        case "align_corners":
            last = max(target - 1, 1)
            places = (2 * index * (source - 1) + last) // (2 * last)
    return np.minimum(places, source - 1)


def bilinear_places(
    source: int, target: int, coordinates: Coordinates
) -> tuple[Places, Places, NDArray[np.float64]]:
    """For each of ``target`` places the two of ``source`` that it lies between, and how far it is from the first."""
    index = np.arange(target, dtype=np.float64)
    match coordinates:
        case "asymmetric":
            at = index * source / target
        case "half_pixel":
            at = (index + 0.5) * source / target - 0.5
        case "align_corners":
            at = index * (source - 1) / max(target - 1, 1)
    at = np.clip(at, 0, source - 1)
    lower = np.floor(at).astype(np.int64)
    return lower, np.minimum(lower + 1, source - 1), at - lower


def resize_matrix(
    source: int, target: int, method: Literal["nearest", "bilinear"], coordinates: Coordinates
) -> NDArray[np.float64]:
    """The same as weights [target, source]: for software that knows no such resize, but matrices."""
    matrix, rows = np.zeros((target, source)), np.arange(target)
    if method == "nearest":
        matrix[rows, nearest_places(source, target, coordinates)] = 1
        return matrix
    lower, upper, share = bilinear_places(source, target, coordinates)
    np.add.at(matrix, (rows, lower), 1 - share)
    np.add.at(matrix, (rows, upper), share)
    return matrix
