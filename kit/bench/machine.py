"""What figures were taken on, as far as the system tells."""

import os
import platform
import sys
from pathlib import Path
from typing import Any

CPU_FILE = Path("/proc/cpuinfo")


def machine_facts() -> dict[str, Any]:
    """System, architecture, name of the processor and number of its cores."""
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "processor_name": _processor_name(),
        "cores": os.cpu_count(),
    }


def _processor_name() -> str | None:
    if not sys.platform.startswith("linux") or not CPU_FILE.is_file():
        return platform.processor() or None
    lines = CPU_FILE.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)
