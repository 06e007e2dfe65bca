"""The measuring protocol's version and the output modes that a study may name. See /help/measuring."""

from dataclasses import dataclass

from kit.domain.wire.run import Closing

PROTOCOL_VERSION = 1
"""Raised when figures taken before and after a change must not be compared. Stored with every visit."""


@dataclass(frozen=True, slots=True)
class OutputMode:
    """What runs the network and how its picture reaches the screen; ``closing`` says when a frame counts as done.

    ``takes``: what may be asked of it in brackets (see ``kit.domain.modes``). ``rival``: for comparison, so a study has
    it only where it names it. ``needs``: the runtime that ``kit rivals`` has to install for it.
    """

    id: str
    title: str
    closing: Closing
    ready: bool = False
    takes: tuple[str, ...] = ()
    rival: bool = False
    needs: str = ""


SHADERS = ("precision", "tuning")

MODES: dict[str, OutputMode] = {
    mode.id: mode
    for mode in (
        OutputMode("tfjs-pixels", "TensorFlow.js on WebGL, read back and drawn", "return", ready=True),
        OutputMode("tfjs-webgl", "TensorFlow.js on WebGL, drawn from its texture", "fence", ready=True),
        OutputMode("direct-webgl", "Fieldkit's engine on WebGL2", "fence", ready=True, takes=SHADERS),
        OutputMode("direct-webgpu", "Fieldkit's engine on WebGPU", "work_done", ready=True, takes=SHADERS),
        OutputMode(
            "direct-wasm",
            "Fieldkit's engine on WebAssembly",
            "return",
            ready=True,
            takes=("threads", "tuning"),
        ),
        OutputMode("tfjs-webgpu", "TensorFlow.js on WebGPU", "work_done", ready=True, rival=True),
        OutputMode(
            "tfjs-wasm",
            "TensorFlow.js on WebAssembly",
            "return",
            ready=True,
            takes=("threads",),
            rival=True,
        ),
        OutputMode(
            "ort-wasm",
            "ONNX Runtime Web on WebAssembly",
            "return",
            ready=True,
            takes=("threads",),
            rival=True,
            needs="onnxruntime-web",
        ),
        OutputMode(
            "ort-webgpu",
            "ONNX Runtime Web on WebGPU",
            "work_done",
            ready=True,
            rival=True,
            needs="onnxruntime-web",
        ),
        OutputMode(
            "litert-webgpu",
            "LiteRT.js on WebGPU",
            "work_done",
            ready=True,
            takes=("precision",),
            rival=True,
            needs="@litertjs/core",
        ),
    )
}
"""To add a mode, add a line here and a runner in web/src/runners. ``ready`` modes can be put into a study."""


def ready_modes(*, rivals: bool = False) -> list[str]:
    """The modes that this version can run, in the order in which they are shown; rivals only where they are asked for."""
    return [mode.id for mode in MODES.values() if mode.ready and (rivals or not mode.rival)]


def default_modes() -> list[str]:
    """Those of a study that names none: what testers' browsers can do at all, and what the others are compared with."""
    return ["tfjs-pixels", "tfjs-webgl"]
