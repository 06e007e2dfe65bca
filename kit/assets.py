"""The built front end: which hashed files belong to an entry, read from Vite's manifest."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

DIST = Path(__file__).resolve().parent / "static" / "dist"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page has to load for one entry, as paths below ``/static/dist/``."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


class AssetError(RuntimeError):
    """The front end is not built, or an entry is not in it."""


class Assets:
    """Answers with tags for templates: ``assets.script("src/tester/main.ts")`` and ``assets.styles(...)``."""

    def __init__(self, dist: Path = DIST, prefix: str = "/static/dist/") -> None:
        self.dist = dist
        self.prefix = prefix

    @property
    def built(self) -> bool:
        """Whether there is a built front end at all."""
        return (self.dist / "manifest.json").is_file()

    def entry(self, source: str) -> Entry:
        """The files of an entry. Raises AssetError with what to do."""
        manifest_file = self.dist / "manifest.json"
        if not manifest_file.is_file():
            raise AssetError("the browser part is not built; run `make setup`")
        return _entry(manifest_file, manifest_file.stat().st_mtime_ns, source)

    def has(self, source: str) -> bool:
        """Whether the entry is there: pages that must not fail ask before they use it."""
        try:
            return bool(self.entry(source))
        except AssetError:
            return False

    def script(self, source: str) -> Markup:
        """The module script of an entry, with its style sheets and preloads before it."""
        entry = self.entry(source)
        preloads = [
            f'<link rel="modulepreload" href="{escape(self.prefix + path)}">' for path in entry.preloads
        ]
        script = f'<script type="module" src="{escape(self.prefix + entry.script)}"></script>'
        return self.styles(source) + Markup("\n".join([*preloads, script]))  # noqa: S704 - all paths are escaped

    def styles(self, source: str) -> Markup:
        """The style sheets of an entry."""
        links = [
            f'<link rel="stylesheet" href="{escape(self.prefix + path)}">\n'
            for path in self.entry(source).styles
        ]
        return Markup("".join(links))  # noqa: S704 - all paths are escaped


@lru_cache(maxsize=16)
def _entry(manifest_file: Path, _changed_ns: int, source: str) -> Entry:
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    if source not in manifest:
        raise AssetError(f"the built browser part has no {source}; run `make setup`")
    chunks: dict[str, None] = {}
    _imports(manifest, source, chunks)
    # What is shared comes first, so that an entry's own rules win over it.
    styles = dict.fromkeys(style for chunk in [*chunks, source] for style in manifest[chunk].get("css", []))
    return Entry(manifest[source]["file"], tuple(styles), tuple(manifest[chunk]["file"] for chunk in chunks))


def _imports(manifest: dict[str, dict[str, list[str]]], chunk: str, seen: dict[str, None]) -> None:
    """Every chunk that ``chunk`` needs at once, depth first, each one once."""
    for name in manifest[chunk].get("imports", []):
        if name not in seen:
            seen[name] = None
            _imports(manifest, name, seen)
