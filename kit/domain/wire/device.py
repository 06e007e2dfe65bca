"""The device block: what a visit ran on. Probed after consent, shown to the tester, sent only if they agree."""

from typing import Annotated

from pydantic import Field

from kit.domain.wire.base import (
    Hertz,
    LongText,
    Payload,
    PositiveMilliseconds,
    RawString,
    ShortText,
    Versioned,
)

Count = Annotated[int, Field(ge=0, le=1_000_000)]


class WebglLimits(Payload):
    """Limits of the probed context, texels or counts, as ``getParameter`` gives them."""

    max_texture_size: Count
    max_renderbuffer_size: Count
    max_draw_buffers: Count
    max_color_attachments: Count
    max_texture_image_units: Count
    max_fragment_uniform_vectors: Count
    max_samples: Count


class Webgl(Payload):
    """The probed WebGL2 context: raw strings are kept for good, rules only ever read them."""

    vendor: RawString
    renderer: RawString
    unmasked_vendor: RawString | None
    unmasked_renderer: RawString | None
    version: RawString
    limits: WebglLimits
    extensions: Annotated[list[ShortText], Field(max_length=100)]


class WebgpuAdapter(Payload):
    """``GPUAdapterInfo``, where there is an adapter."""

    vendor: ShortText
    architecture: ShortText
    device: ShortText
    description: ShortText
    is_fallback: bool | None = None


class Browser(Payload):
    """Name, major version and operating system: parsed from the user agent in memory, which is not kept."""

    name: ShortText
    major: Annotated[int, Field(ge=0, le=100_000)] | None
    os: ShortText
    os_version: ShortText | None
    mobile: bool | None


class ClientHints(Payload):
    """User-agent client hints, where the browser grants them."""

    platform: ShortText | None = None
    platform_version: ShortText | None = None
    model: ShortText | None = None
    architecture: ShortText | None = None
    bitness: ShortText | None = None


class Screen(Payload):
    """CSS pixels, and device pixels per CSS pixel."""

    width: Annotated[int, Field(ge=0, le=100_000)]
    height: Annotated[int, Field(ge=0, le=100_000)]
    device_pixel_ratio: Annotated[float, Field(gt=0, le=100)]
    color_depth: Annotated[int, Field(ge=0, le=256)]


class DeviceBlock(Payload):
    """Every field that the consent page lists. ``None`` where the browser does not say."""

    webgl: Webgl | None
    webgl_reason: LongText | None = None
    webgpu: WebgpuAdapter | None
    browser: Browser
    client_hints: ClientHints | None
    hardware_concurrency: Annotated[int, Field(ge=1, le=4_096)] | None
    device_memory_gb: Annotated[float, Field(gt=0, le=4_096)] | None
    screen: Screen
    refresh_hz: Hertz | None
    touch_points: Annotated[int, Field(ge=0, le=1_000)]
    charging: bool | None
    isolated: bool
    tick_ms: PositiveMilliseconds


class DeviceReport(Versioned):
    """``PUT /api/v1/visits/<id>/device``: the block, or ``declined`` (and then no block) where the tester keeps it."""

    declined: bool
    device: DeviceBlock | None
