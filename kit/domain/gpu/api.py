"""The graphics interface that a renderer string names itself: the outermost one."""

import re

from kit.domain.gpu.device import UNKNOWN, Api
from kit.domain.gpu.rule import Rule, first

WHOLE: tuple[Rule[Api], ...] = (
    Rule(r"\bDirect3D11(?:on12)?\b", "D3D11", "Intel UHD Graphics Direct3D11 vs_5_0 ps_5_0"),
    Rule(r"\bDirect3D9(?:Ex)?\b", "D3D9", "ATI Radeon HD 2400 XT Direct3D9Ex vs_3_0 ps_3_0"),
    Rule(r"\bMetal Renderer\b", "Metal", "ANGLE Metal Renderer: Apple M2"),
)
BACKEND: tuple[Rule[Api], ...] = (
    Rule(r"^OpenGL ES\b", "OpenGL ES", "OpenGL ES 3.2"),
    Rule(r"^OpenGL\b", "OpenGL", "OpenGL 4.1 Metal - 88"),
    Rule(r"^D3D11\b", "D3D11", "D3D11-27.20.22002.57"),
    Rule(r"^D3D9(?:Ex)?\b", "D3D9", "D3D9Ex"),
    Rule(r"^Metal\b", "Metal", "Metal"),
)
REST: tuple[Rule[Api], ...] = (
    Rule(r"(?<!zink )\bVulkan\b", "Vulkan", "(Samsung Xclipse 940) on Vulkan 1.3.279"),
    Rule(r"\bOpenGL ES Translator\b", "OpenGL ES", "Subsystem OpenGL ES Translator"),
    Rule(r"\bOpenGL ES \d", "OpenGL ES", "ARM Mali-G71 OpenGL ES 3.2"),
    Rule(r"\bOpenGL Engine\b|\bOpenGL \d[\d.]* core\b", "OpenGL", "NVIDIA GeForce GT 120 OpenGL Engine"),
)
HOST = re.compile(r"\b(Translator|virgl) ?\(.*", re.IGNORECASE)
"""What stands in the brackets of an emulated device is the host's, its interface included."""


def api_of(text: str, backend_field: str) -> Api:
    """``text`` is the whole string, ``backend_field`` the last field of its outermost ANGLE."""
    own = HOST.sub(r"\1", text)
    for table, where in ((WHOLE, own), (BACKEND, backend_field), (REST, own)):
        found: Api = first(table, where, UNKNOWN)
        if found != UNKNOWN:
            return found
    return UNKNOWN
