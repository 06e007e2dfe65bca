"""The one error of this package."""

from __future__ import annotations


class BundleError(ValueError):
    """A bundle that cannot be used. The message is one sentence that names the file or the field."""
