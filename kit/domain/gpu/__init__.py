"""GPU renderer strings -> device. Tables of rules, each with an example; raw strings are kept, rules only read them."""

from kit.domain.gpu.device import Gpu
from kit.domain.gpu.parse import RULE_VERSION, parse_renderer

__all__ = ["RULE_VERSION", "Gpu", "parse_renderer"]
