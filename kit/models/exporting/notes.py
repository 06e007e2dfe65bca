"""What an exported file says about the network it holds, in formats that have a place for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kit
from kit.models.errors import BundleError
from kit.models.manifest import Manifest
from kit.models.network import Network

GENERATOR = f"Fieldkit {kit.__version__}"


@dataclass(frozen=True)
class Notes:
    """A network's name, what is known about it (JSON values), and texts that belong to it (file name -> text)."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The version, or nothing where none is known."""
        return str(self.facts.get("version", ""))

    @property
    def description(self) -> str:
        """One sentence, or nothing."""
        return str(self.facts.get("description", ""))

    def as_texts(self) -> dict[str, str]:
        """The facts as texts (JSON where they are no texts), and the texts: for formats with a list of texts."""
        facts = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in self.facts.items()
        }
        return facts | dict(self.texts)


def notes_of_bundle(folder: Path, manifest: Manifest) -> Notes:
    """What the manifest says that other software or its users may want, and the texts beside it (CREDITS.csv)."""
    said = manifest.model_dump(mode="json", by_alias=True)
    kept = (
        "name",
        "version",
        "title",
        "description",
        "input",
        "output",
        "preprocessing",
        "precision",
        "credits",
    )
    facts = {name: said[name] for name in kept}
    facts["licence"] = "; ".join(dict.fromkeys(credit.licence for credit in manifest.credits)) or "not stated"
    return Notes(manifest.name, facts, _texts(folder, manifest))


def notes_of_network(network: Network, name: str) -> Notes:
    """What is known of a network without a manifest."""
    ends = ((network.input, network.input_shape), (network.output, network.output_shape))
    given, made = ({"name": port, "shape": list(shape)} for port, shape in ends)
    return Notes(name, {"name": name, "input": given, "output": made})


def _texts(folder: Path, manifest: Manifest) -> dict[str, str]:
    names = [file.path for file in manifest.files if file.path.lower().endswith((".csv", ".md", ".txt"))]
    try:
        return {name.replace("/", "-"): (folder / name).read_text(encoding="utf-8") for name in names}
    except (OSError, UnicodeDecodeError) as error:
        raise BundleError(f"a text of {manifest.name} cannot be read ({error}); verify the bundle") from error
