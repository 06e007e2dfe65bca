"""Pictures and videos made by code, and a web server with moods."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image


def picture(seed: int, size: tuple[int, int] = (320, 300)) -> Image.Image:
    """Soft colours, the same for the same seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


@dataclass
class Shop:
    """Serves one file. ``cut_after``: the next answers break off after so many bytes, one number each."""

    data: bytes
    url: str = ""
    ranges: bool = True
    statuses: list[int] = field(default_factory=list)
    cut_after: list[int] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)


@pytest.fixture
def shop() -> Iterator[Callable[[bytes], Shop]]:
    """A maker of real servers on this machine."""
    servers: list[ThreadingHTTPServer] = []

    def opened(data: bytes) -> Shop:
        made = Shop(data)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
        made.url = f"http://127.0.0.1:{server.server_port}/102flowers.tgz"
        return made

    yield opened
    for server in servers:
        server.shutdown()
        server.server_close()


def _handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers["Range"]
            shop.asked.append(wanted)
            if shop.statuses:
                self.send_error(shop.statuses.pop(0))
                return
            first = int(wanted[6:-1]) if wanted and shop.ranges else 0
            if first >= len(shop.data):
                self.send_error(416)
                return
            self.send_response(206 if wanted and shop.ranges else 200)
            if wanted and shop.ranges:
                self.send_header("Content-Range", f"bytes {first}-{len(shop.data) - 1}/{len(shop.data)}")
            self.send_header("Content-Length", str(len(shop.data) - first))
            self.end_headers()
            last = first + shop.cut_after.pop(0) if shop.cut_after else len(shop.data)
            self.wfile.write(shop.data[first:last])

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


VideoMaker = Callable[..., Path]


@pytest.fixture
def video(tmp_path: Path) -> VideoMaker:
    """A maker of videos: 10 s at 5 frames/s, each frame as grey as its time; its left quarter red, its right blue."""
    av = pytest.importorskip("av", reason="PyAV is not installed")

    def make(name: str, codec: str = "mpeg4", size: tuple[int, int] = (320, 160), turned: int = 0) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            quick = {"deadline": "realtime", "cpu-used": "8"} if "vpx" in codec else {}
            stream = container.add_stream(codec, rate=5, options=quick)
            stream.width, stream.height = size
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.bit_rate, stream.gop_size = 2_000_000, 10
            if turned:
                stream.set_display_rotation(turned)
            for index in range(50):
                frame = av.VideoFrame.from_ndarray(_shade(index / 5, size), format="rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return make


def _shade(time_s: float, size: tuple[int, int]) -> np.ndarray:
    pixels = np.full((size[1], size[0], 3), round(20 * time_s) + 20, np.uint8)
    pixels[:, : size[0] // 4] = (200, 30, 30)
    pixels[:, -size[0] // 4 :] = (30, 30, 200)
    return pixels


def shade_s(path: Path) -> float:
    """The time that a still's middle shows."""
    with Image.open(path) as opened:
        row = np.asarray(opened.convert("RGB"), np.float64)
    plain = row[(np.ptp(row, axis=-1) < 25)]
    return float((plain.mean() - 20) / 20)
