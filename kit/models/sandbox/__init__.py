"""Work on files that nobody vouches for: in a child process without network, with bounds on everything it may use."""

from kit.models.sandbox.bounds import Bounds
from kit.models.sandbox.landlock import version as landlock_version
from kit.models.sandbox.parent import run_apart

__all__ = ["Bounds", "landlock_version", "run_apart"]
