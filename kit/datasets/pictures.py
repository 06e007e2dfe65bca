"""One photograph from any picture file: upright, sRGB, a square of 286 pixels."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from kit.datasets.layout import SIDE

SMALLEST = SIDE // 2  # of the short side: what is enlarged more than twice teaches blur
WHITE = (255, 255, 255)


class PictureError(ValueError):
    """A file that cannot be used; the message says why."""


def read_square(path: Path) -> Image.Image:
    """The middle square of a picture, RGB, 286 x 286. Raises PictureError, one clause without the file's name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd but readable files
            with Image.open(path) as opened:
                if min(opened.size) < SMALLEST:
                    raise PictureError(
                        f"is too small ({opened.width} x {opened.height}, at least {SMALLEST})"
                    )
                picture = as_rgb(ImageOps.exif_transpose(opened))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        huge = isinstance(error, Image.DecompressionBombError)
        raise PictureError(
            "is too large to be read" if huge else "is not a picture that can be read"
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"is damaged ({error})") from error
    return ImageOps.fit(picture, (SIDE, SIDE), Image.Resampling.LANCZOS)


def as_rgb(picture: Image.Image) -> Image.Image:
    """Any mode to RGB: 16 bits scaled to 8, transparency on white, colours of a profile turned to sRGB."""
    if picture.mode.startswith(("I", "F")):
        return _eight_bits(picture).convert("RGB")
    picture = _in_srgb(picture)
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (*WHITE, 255))
        return Image.alpha_composite(ground, layer).convert("RGB")
    return picture.convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(picture, np.float64))
    top = 255.0 if values.max() <= 255 else 65535.0
    return Image.fromarray(np.clip(np.rint(values * (255 / top)), 0, 255).astype(np.uint8))


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Apply an embedded colour profile; one that cannot be read is left aside, as browsers do."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture
    return turned or picture
