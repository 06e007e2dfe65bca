"""What preprocessing does to a picture's shape."""

from __future__ import annotations

from kit.models.errors import BundleError
from kit.models.manifest import Alpha, Area, Bicubic, Grey, Preprocess, Scale


def prepared_shape(steps: tuple[Preprocess, ...], picture: tuple[int, ...]) -> tuple[int, ...]:
    """Shape [h, w, channels] after the steps. Raises BundleError for a step that cannot be applied."""
    high, wide, channels = picture
    for index, step in enumerate(steps):
        match step:
            case Grey():
                if channels != 3:
                    raise BundleError(f"preprocessing.{index}: grey needs three channels, not {channels}")
                channels = 1
            case Alpha():
                if channels != 3:
                    raise BundleError(f"preprocessing.{index}: alpha needs three channels, not {channels}")
                channels = 4
            case Area():
                if step.size[0] > high or step.size[1] > wide:
                    raise BundleError(f"preprocessing.{index}: area can only make a picture smaller")
                high, wide = step.size
            case Bicubic():
                high, wide = step.size
            case Scale():
                if step.from_[0] == step.from_[1]:
                    raise BundleError(f"preprocessing.{index}.from: the two ends must differ")
    return high, wide, channels
