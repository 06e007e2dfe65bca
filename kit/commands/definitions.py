"""Study definitions from options and from files, with errors that name the option or the field."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kit.domain.modes import plain_modes, split_modes
from kit.domain.quotas import quotas_from
from kit.domain.study import StudyDefinition
from kit.domain.wire.page import Protocol
from kit.errors import CallerError
from kit.rivals import lacking


def definition_from(
    *,
    title: str,
    models: str,
    modes: str | None,
    text: str | None = None,
    consent_file: Path | None = None,
    language: str | None = None,
    seconds: float | None = None,
    blocks: int | None = None,
    knobs: tuple[str, ...] = (),
    pilot: bool = False,
    own_models: bool | None = None,
    quotas: tuple[str, ...] = (),
) -> StudyDefinition:
    """A definition from the options of ``kit study new``. Raises CallerError for what makes no sense."""
    protocol = {"capability_s": seconds, "displayed_s": seconds, "blocks": blocks} | _knobs(knobs)
    fields = {
        "title": title,
        "text": text,
        "consent_text": consent_file.read_text(encoding="utf-8") if consent_file else None,
        "language": language,
        "models": split(models),
        "modes": split_modes(modes) if modes else None,
        "protocol": _given(protocol),
        "stage": "pilot" if pilot else None,
        "own_models": own_models,
        "quotas": _quotas(quotas) or None,
    }
    return validated(_given(fields))


def _quotas(texts: tuple[str, ...]) -> dict[str, Any]:
    try:
        return quotas_from(texts)
    except ValueError as error:
        raise CallerError(f"--quota: {error}", field="quotas") from error


def read_definition(text: str) -> tuple[str | None, StudyDefinition]:
    """The name and the definition in a file that ``kit study export`` wrote. Raises CallerError."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise CallerError(f"the file is not JSON: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("definition"), dict):
        raise CallerError('the file has no "definition"; give one that `kit study export` wrote')
    name = content.get("name")
    if not isinstance(name, str | None):
        raise CallerError("name must be text")
    return name, validated(content["definition"])


def validated(fields: dict[str, Any]) -> StudyDefinition:
    """The definition, or a CallerError that names the first field that is wrong."""
    try:
        definition = StudyDefinition.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        message = _sentence(first["type"], first["msg"])
        raise CallerError(f"{field}: {message}", field=field) from error
    _check_runtimes(definition.modes)
    return definition


def _check_runtimes(modes: Sequence[str]) -> None:
    """A rival without its runtime would be "unavailable" on every tester's machine: say so before anybody is asked."""
    for runtime, names in lacking(plain_modes(modes)).items():
        need = "needs" if len(names) == 1 else "need"
        raise CallerError(
            f"modes: {' and '.join(names)} {need} {runtime}, which is not installed here; `kit rivals` installs it"
        )


def _sentence(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return f"there is no such field; measuring knobs are {', '.join(Protocol.model_fields)}"
    return message.removeprefix("Value error, ")


def split(names: str) -> list[str]:
    """ "a, b" -> ["a", "b"]."""
    return [name.strip() for name in names.split(",") if name.strip()]


def _knobs(pairs: tuple[str, ...]) -> dict[str, Any]:
    knobs: dict[str, Any] = {}
    for pair in pairs:
        knob, equals, value = pair.partition("=")
        if not equals:
            raise CallerError(f"--set {pair}: write KNOB=VALUE, such as warmup_max_s=5")
        knobs[knob] = _value(value)
    return knobs


def _value(text: str) -> Any:
    """A number or true/false as JSON writes it; anything else stays text, and the field says what it wants."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
