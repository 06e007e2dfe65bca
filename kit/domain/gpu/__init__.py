"""GPU renderer strings -> device.

A string is taken through tables of rules, each rule with an example that the tests hold it to: is it blurred by the
browser, what wraps the name (ANGLE, D3D12, Vulkan, zink), which interface, whose GPU, its one canonical name, its class,
the chip that its device id stands for, and the family to group by. The raw string is kept for good; what the rules make
of it carries ``RULE_VERSION`` and is made again by ``kit devices renormalise``. WebGPU's adapter information and client
hints refine what the string leaves open (``refine``), and never replace what it says.
"""

from kit.domain.gpu.device import Gpu
from kit.domain.gpu.parse import parse_renderer
from kit.domain.gpu.refine import refine
from kit.domain.gpu.version import RULE_VERSION

__all__ = ["RULE_VERSION", "Gpu", "parse_renderer", "refine"]
