"""What preprocessing does to a picture's shape, and which steps bring a picture to a network's input."""

from __future__ import annotations

from kit.models.errors import BundleError
from kit.models.manifest import Alpha, Area, Bicubic, Grey, Preprocess, Scale, Shape


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


FRAME = (256, 256)
PICTURE_CHANNELS = (1, 3, 4)
REC_601 = (0.299, 0.587, 0.114)


def steps_for(shape: Shape, value_range: tuple[float, float]) -> tuple[Preprocess, ...]:
    """Steps from a 256x256 RGB picture to an input of ``shape`` (1, 3 or 4 channels) with values in ``value_range``.

    Sizes that are smaller are averaged, larger ones made by bicubic; the sides are stretched one by one. Raises
    BundleError for another number of channels.
    """
    high, wide, channels = shape
    if channels not in PICTURE_CHANNELS:
        raise BundleError(f"input: a picture has 1, 3 or 4 channels, not {channels}")
    steps: list[Preprocess] = [Grey(op="grey", weights=REC_601)] if channels == 1 else []
    coarse = min(high, FRAME[0]), min(wide, FRAME[1])
    if coarse != FRAME:
        steps.append(Area(op="area", size=coarse))
    if coarse != (high, wide):
        steps.append(Bicubic(op="bicubic", size=(high, wide), a=-0.5))
    if channels == 4:
        steps.append(Alpha(op="alpha"))
    if value_range != (0, 255):
        steps.append(Scale(op="scale", from_=(0, 255), to=value_range))
    return tuple(steps)
