"""The device of a visit: the block as it came, and what the GPU rules read out of it. No function commits."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.derive import derive_visit
from kit.db.naming import gpu_columns
from kit.db.tables import Device, Visit
from kit.domain.hashing import body_sha256
from kit.domain.units import ms_to_us
from kit.domain.wire.device import DeviceBlock, DeviceReport
from kit.errors import CallerError


def store_device(session: Session, visit: Visit, body: DeviceReport, *, now: datetime) -> None:
    """Store the device of a visit; the same again changes nothing. Someone who declined may still send it later.

    Raises CallerError 409 for a second, different block: raw strings are kept as they first came.
    """
    device = session.get(Device, visit.id)
    digest = body_sha256(body)
    if device is not None and device.body_sha256 == digest:
        return
    if device is not None and not device.declined:
        raise CallerError(
            "device: this visit has sent another device already", code="conflict", status=409, field="device"
        )
    if device is None:
        device = Device(visit_id=visit.id)
        session.add(device)
    change = int(body.declined) - int(bool(device.declined))
    device.declined, device.body_sha256, device.received_at = body.declined, digest, now
    for name, value in device_columns(body.device).items():
        setattr(device, name, value)
    session.flush()
    counters.add(session, {(visit.study_id, "declined"): change})
    derive_visit(session, visit)


def device_columns(block: DeviceBlock | None) -> dict[str, Any]:
    """The columns of ``Device`` that come out of a block; nothing for none."""
    if block is None:
        return {}
    renderer, vendor = raw_strings(block)
    return {
        "raw": block.model_dump(mode="json"),
        "renderer": renderer,
        "vendor": vendor,
        "browser_name": block.browser.name,
        "browser_major": block.browser.major,
        "os": block.browser.os,
        "os_version": block.browser.os_version,
        "mobile": block.browser.mobile,
        "webgl": block.webgl is not None,
        "webgpu": block.webgpu is not None,
        "isolated": block.isolated,
        "refresh_hz": block.refresh_hz,
        "tick_us": ms_to_us(block.tick_ms),
    } | gpu_columns(renderer, vendor, block)


def raw_strings(block: DeviceBlock) -> tuple[str, str]:
    """Renderer and vendor as the browser gives them: unmasked where it does; empty without WebGL."""
    if block.webgl is None:
        return "", ""
    webgl = block.webgl
    return webgl.unmasked_renderer or webgl.renderer, webgl.unmasked_vendor or webgl.vendor
