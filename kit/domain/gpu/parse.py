"""Renderer string -> Gpu, in steps: blur, wrappings, interface, maker, name, class, family."""

from kit.domain.gpu.api import api_of
from kit.domain.gpu.blur import Blur, is_random, look
from kit.domain.gpu.classes import class_of
from kit.domain.gpu.device import UNKNOWN, Confidence, Gpu
from kit.domain.gpu.families import family_of
from kit.domain.gpu.models import bare_name, canonical, squeeze
from kit.domain.gpu.unwrap import Unwrapped, unwrap
from kit.domain.gpu.vendors import GPU_MAKERS, vendor_of, vendor_of_fields

RULE_VERSION = 1
"""Raised whenever the same string could come out differently; stored beside each derived device."""

MAX_READ = 1_024
"""Characters that the rules look at; the raw string is kept whole."""


def parse_renderer(renderer: str, vendor: str = "") -> Gpu:
    """Parse a WebGL renderer string (and, where there is one, the unmasked vendor). Never raises.

    The vendor is asked only where the renderer string names nobody.
    """
    text = squeeze(renderer[:MAX_READ])
    blur = look(text)
    parts = unwrap(blur.text)
    if _says_nothing(parts):
        return _nothing(renderer, blur, parts, vendor)
    bare = bare_name(parts.device)
    brand = vendor_of(parts.device, parts.vendor_field, vendor)
    api = api_of(blur.text, parts.backend_field)
    branded = canonical(f"{bare} |", brand).removesuffix(
        " |"
    )  # the mark keeps "Graphics" from being the last word
    model = canonical(bare, brand) or UNKNOWN
    hints = f"{branded} {parts.device[parts.device.find('(') :] if '(' in parts.device else ''}".strip()
    return Gpu(
        renderer=renderer,
        vendor=brand,
        model=model,
        family=family_of(model, brand),
        class_=class_of(hints, brand, api, bucket=blur.bucket),
        api=api,
        blurred=blur.blurred,
        confidence=_confidence(blur, brand, model),
    )


def _says_nothing(parts: Unwrapped) -> bool:
    device = parts.device.strip().lower()
    unnamed = device in ("mozilla", "brave", "") or is_random(parts.device)
    return unnamed or "generic renderer" in device


def _nothing(renderer: str, blur: Blur, parts: Unwrapped, vendor: str) -> Gpu:
    named = vendor_of_fields(parts.vendor_field, vendor)
    brand = named if named in GPU_MAKERS else UNKNOWN
    api = api_of(blur.text, parts.backend_field)
    return Gpu(renderer, brand, UNKNOWN, UNKNOWN, UNKNOWN, api, blur.blurred, "low")


def _confidence(blur: Blur, vendor: str, model: str) -> Confidence:
    if blur.blurred or vendor == UNKNOWN:
        return "low"
    return "high" if any(char.isdigit() for char in model) else "medium"
