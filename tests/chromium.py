"""How every test starts Chromium: the flags that keep it quiet, and those that take its GPU away."""

from kit.bench.browsers import CHROMIUM_GL

QUIET = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SOFTWARE_GPUS = {name: CHROMIUM_GL[name] for name in ("swiftshader", "llvmpipe")}
NO_WEBGL = ("--disable-gpu", "--disable-software-rasterizer", "--disable-3d-apis")
