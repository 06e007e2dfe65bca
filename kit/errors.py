"""The one error class for a caller's mistake: what a browser, a script or someone at the keyboard can put right."""

INSTALL_TRAIN = 'pip install "fieldkit[train]"'
"""What to do where the extra [train] is missing."""
INSTALL_TENSORFLOW = f"{INSTALL_TRAIN} (Python 3.11 to 3.13; not on Macs with Intel processors)"
"""The same where TensorFlow is what is needed of it."""
INSTALL_RIVALS = 'pip install "fieldkit[rivals]"'
"""What to do where the extra [rivals] is missing."""


class CallerError(Exception):
    """Something the caller can put right. ``message`` is one sentence that names the field and says what to do.

    ``field`` is a dotted path into the payload (``capability.ms.3``) where there is one; ``status`` is the HTTP status
    where the mistake came over HTTP, and commands print ``message`` and exit with 2.
    """

    def __init__(
        self, message: str, *, code: str = "invalid", status: int = 400, field: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.field = field
