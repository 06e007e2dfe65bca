"""Stills out of a video, at equal intervals, each cut into two squares. Needs PyAV (FFmpeg's libraries)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

QUALITY = 95
MOST_STILLS = 20_000
MOST_PIXELS = 8192 * 8192
WORTH_A_SEEK_S = 2.0  # nearer stills are reached by decoding on
# Files that hold pictures themselves. Playlists (HLS, DASH, concat) are not among them: they name other files and
# addresses, and a file that somebody sent must not decide what is read here.
CONTAINERS = (
    "mov,matroska,webm,avi,mpeg,mpegts,mpegvideo,flv,ogg,asf,mxf,wtv,nut,ivf,gif,dv,rm,h264,hevc,av1,obu,m4v,mjpeg,"
    "yuv4mpegpipe"
)

# What such files are called, where a folder is searched for them.
_NAMES = "3gp,asf,avi,flv,gif,m2ts,m4v,mkv,mov,mp4,mpeg,mpg,mts,mxf,ogv,ts,webm,wmv"
ENDINGS = frozenset(f".{name}" for name in _NAMES.split(","))


class VideoError(ValueError):
    """A file that cannot be used; the message says why."""


@dataclass(frozen=True)
class Interval:
    """Either so many stills over the whole video, or one every so many seconds."""

    count: int | None = None
    every_s: float | None = None

    def times(self, length_s: float) -> list[float]:
        """When the stills are due, in seconds from the start. 2 over 10 s -> [2.5, 7.5]; every 4 s -> [0, 4, 8]."""
        if self.count is not None:
            return [(index + 0.5) * length_s / self.count for index in range(self.count)]
        every = self.every_s or length_s
        wanted = max(1, int(-(-length_s // every)))
        if wanted > MOST_STILLS:
            raise VideoError(
                f"would give {wanted:,} stills; at most {MOST_STILLS:,} are cut, choose a longer interval"
            )
        return [index * every for index in range(wanted)]


@dataclass
class Cut:
    """What one video gave. ``ends_s``: where it broke off, if it did."""

    wanted: int
    files: list[Path] = field(default_factory=list)
    stills: int = 0
    broken_packets: int = 0
    ends_s: float | None = None


def cut_stills(
    video: Path, out: Path, name: str, interval: Interval, done: Callable[[int, int], None]
) -> Cut:
    """Write the stills of a video as ``out/name-0001-left.jpg``, ``-right.jpg`` (upright ones: top and bottom).

    The squares are as large as the picture allows; ``done`` is called with stills written and wanted. A video that
    breaks off gives what is there. Raises VideoError where it gives nothing.
    """
    import av

    try:
        with av.open(
            str(video), options={"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
        ) as opened:
            if not opened.streams.video:
                raise VideoError("holds no pictures, only sound or text")
            return _cut(opened, out, name, interval, done)
    except av.error.FFmpegError as error:
        # FFmpeg calls a kind of file that it was told not to open an invalid argument.
        reason = "" if isinstance(error, av.error.ArgumentError) else f" ({error.strerror})"
        raise VideoError(f"is not a video that can be read{reason}") from error


def _cut(
    opened: InputContainer, out: Path, name: str, interval: Interval, done: Callable[[int, int], None]
) -> Cut:
    reader = _Reader(opened, opened.streams.video[0])
    times = interval.times(reader.length_s())
    cut = Cut(wanted=len(times))
    for index, due in enumerate(times, start=1):
        frame = reader.at(due)
        if frame is None:
            cut.ends_s = reader.now_s
            break
        for crop, square in squares(upright(frame, reader.aspect)).items():
            path = out / f"{name}-{index:04d}-{crop}.jpg"
            square.save(path, quality=QUALITY, subsampling=0)
            cut.files.append(path)
        cut.stills = index
        done(index, len(times))
    cut.broken_packets = reader.broken
    if not cut.stills:
        raise VideoError("holds no picture that can be decoded")
    return cut


class _Reader:
    """Frames of a stream by time: seeks where that saves work, decodes on where it does not."""

    def __init__(self, opened: InputContainer, stream: VideoStream) -> None:
        stream.thread_type = "AUTO"
        self.opened, self.stream = opened, stream
        self.start_s = float((stream.start_time or 0) * (stream.time_base or 0))
        self.step_s = float(1 / stream.average_rate) if stream.average_rate else 0.04
        self.aspect = float(stream.sample_aspect_ratio or 1)
        self.now_s = 0.0
        self.broken = 0
        self.last: VideoFrame | None = None
        self.frames = self._decoded()
        self.seeks = True

    def length_s(self) -> float:
        """As the file says; where it does not, from the times of all packets, without decoding them."""
        stream, base = self.stream, self.stream.time_base
        if stream.duration and base:
            return float(stream.duration * base)
        if self.opened.duration:
            return self.opened.duration / 1e6
        ends = [
            packet.pts + (packet.duration or 0)
            for packet in self.opened.demux(stream)
            if packet.pts is not None
        ]
        self._seek(0.0)
        if not ends or not base:
            raise VideoError("does not say how long it is, and holds no pictures with times")
        return max(self.step_s, float(max(ends) * base) - self.start_s)

    def at(self, due_s: float) -> VideoFrame | None:
        """The first frame that is still shown at a time; None where the video ends before."""
        if self.seeks and due_s - self.now_s > WORTH_A_SEEK_S:
            self._leap(due_s)
        if self.last is not None and self.now_s + self.step_s > due_s:
            return self.last
        for frame in self.frames:
            if self.now_s + self.step_s > due_s:
                return frame
        return None

    def _leap(self, due_s: float) -> None:
        """Seek to the key frame before a time.

        Where that leads back (key frames are rare) or too far (MPEG transport streams know no exact places), this was
        the last leap; after one too far everything is decoded from the start.
        """
        before = self.now_s
        self._seek(due_s)
        nothing = next(self.frames, None) is None
        beyond = nothing or self.now_s > due_s + self.step_s
        if beyond:
            self._seek(0.0)
        self.seeks = not beyond and self.now_s >= before

    def _seek(self, due_s: float) -> None:
        base = self.stream.time_base
        offset = int((due_s + self.start_s) / base) if base else 0
        self.opened.seek(offset, stream=self.stream, backward=True)
        self.last = None
        self.frames = self._decoded()

    def _decoded(self) -> Iterator[VideoFrame]:
        """Frames in order, over packets and pictures that are damaged."""
        import av

        packets = self.opened.demux(self.stream)
        while True:
            try:
                packet = next(packets, None)
                frames = [] if packet is None else packet.decode()
            except av.error.FFmpegError:
                self.broken += 1
                continue
            if packet is None:
                return
            for frame in frames:
                self.now_s = self.now_s + self.step_s if frame.pts is None else frame.time - self.start_s
                if frame.is_corrupt:
                    self.broken += 1
                else:
                    self.last = frame
                    yield frame


def upright(frame: VideoFrame, aspect: float = 1.0) -> Image.Image:
    """A frame as it should be seen: square pixels, turned as the camera was held. ``aspect``: a pixel's width / height.

    Raises VideoError for a huge one.
    """
    if frame.width * frame.height > MOST_PIXELS:
        raise VideoError(
            f"has pictures of {frame.width} x {frame.height}; at most {MOST_PIXELS:,} pixels are read"
        )
    picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    if aspect != 1 and 0.2 < aspect < 5:
        wide = max(1, round(picture.width * aspect))
        picture = picture.resize((wide, picture.height), Image.Resampling.LANCZOS)
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def squares(picture: Image.Image) -> dict[str, Image.Image]:
    """The largest square at each end of the long side; one alone where the picture is a square."""
    wide, high = picture.size
    side = min(wide, high)
    first = picture.crop((0, 0, side, side))
    if wide == high:
        return {"left": first}
    names = ("left", "right") if wide > high else ("top", "bottom")
    return {names[0]: first, names[1]: picture.crop((wide - side, high - side, wide, high))}
