"""Names for the parts of an exported file: none twice, and only signs that every reader takes."""

from __future__ import annotations

import re


class Names:
    """Hands out names. ``folders``: whether a slash may stand in one."""

    def __init__(self, *, folders: bool) -> None:
        self.refused = re.compile(r"[^A-Za-z0-9_./-]" if folders else r"[^A-Za-z0-9_-]")
        self.taken: set[str] = set()

    def fresh(self, wanted: str) -> str:
        """``wanted`` with other signs replaced, and a number behind it where it is taken.

        Letter case does not tell two names apart, because it does not in every file system.
        """
        plain = self.refused.sub("_", wanted)
        name, number = plain, 1
        while name.lower() in self.taken:
            number += 1
            name = f"{plain}_{number}"
        self.taken.add(name.lower())
        return name
