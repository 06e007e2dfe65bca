"""Renderer string -> Gpu, in steps: blur, wrappings, interface, maker, name, class, chip, family."""

from kit.domain.gpu.api import api_of
from kit.domain.gpu.blur import is_random, look
from kit.domain.gpu.chips import chip_of
from kit.domain.gpu.classes import class_of
from kit.domain.gpu.confidence import confidence_of
from kit.domain.gpu.device import UNKNOWN, Gpu
from kit.domain.gpu.grouping import family_by
from kit.domain.gpu.models import bare_name, canonical, with_brand
from kit.domain.gpu.rule import squeeze
from kit.domain.gpu.unwrap import Unwrapped, unwrap
from kit.domain.gpu.vendors import GPU_MAKERS, vendor_of, vendor_of_fields

MAX_READ = 1_024
"""Characters that the rules look at; the raw string is kept whole."""


def parse_renderer(renderer: str, vendor: str = "") -> Gpu:
    """Parse a WebGL renderer string (and, where there is one, the unmasked vendor). Never raises.

    The vendor is asked only where the renderer string names nobody.
    """
    blur = look(squeeze(renderer[:MAX_READ]))
    parts = unwrap(blur.text)
    api = api_of(blur.text, parts.backend_field)
    if _says_nothing(parts.device):
        return Gpu(renderer, _field_maker(parts, vendor), UNKNOWN, UNKNOWN, UNKNOWN, api, blur.blurred, "low")
    bare = bare_name(parts.device)
    maker = vendor_of(bare, parts.device, parts.vendor_field, vendor)
    model = canonical(bare, maker) or UNKNOWN
    class_ = class_of(_whole_name(bare, parts.device, maker), maker, api, bucket=blur.bucket)
    chip = "" if blur.blurred else chip_of(parts.device, maker)
    family, agree = family_by(model, maker, class_, chip, blurred=blur.blurred)
    sure = confidence_of(model, maker, class_, chip, family, blurred=blur.blurred, agree=agree)
    return Gpu(renderer, maker, model, family, class_, api, blur.blurred, sure, chip)


def _whole_name(bare: str, device: str, maker: str) -> str:
    """Branded, with the last word that the model loses, and the brackets, which may hold a code name."""
    brackets = device[device.find("(") :] if "(" in device else ""
    return f"{with_brand(bare, maker)} {brackets}".strip()


def _says_nothing(device: str) -> bool:
    text = device.strip().lower()
    return text in ("mozilla", "brave", "") or is_random(device) or "generic renderer" in text


def _field_maker(parts: Unwrapped, vendor: str) -> str:
    named = vendor_of_fields(parts.vendor_field, vendor)
    return named if named in GPU_MAKERS else UNKNOWN
