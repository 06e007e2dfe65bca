"""What a study asks for: its definition as a researcher writes it, and the plan with every model pinned."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal
from typing import Protocol as TypingProtocol

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from kit.domain.allocation import bench_order, study_order
from kit.domain.modes import AskedMode, parse_mode, plain_modes
from kit.domain.protocol import default_modes
from kit.domain.wire.base import Payload, Versioned
from kit.domain.wire.page import Protocol
from kit.domain.wire.visit import BundleRef, PlanEntry

MAX_CONDITIONS = 12

DEFAULT_TEXT = (
    "A small neural network paints flowers, or clouds, into any play of light and dark, live, on your own graphics "
    "card. First we measure for about a minute how well your machine does that; then you can paint."
)

DEFAULT_CONSENT = """\
This study looks at how well small neural networks run on many different computers and phones.

What happens: your browser downloads a model (the size is shown before it starts), runs it on your graphics card for \
about a minute and measures how long each picture takes. Your machine may get warm and its fan may be heard. After \
that you can paint with it for as long as you like.

What is sent: how long the pictures took, and, unless you choose "Don't send" on the next page, what your device is: \
graphics card, browser, operating system, screen and a few more fields. You will see every field before it is sent. \
What you paint, your webcam's picture and your files never leave your machine.

It is sent without your name or address. Your device may be recognisable from what is sent. Your browser keeps a random \
number so that a second visit from the same machine is counted as the same machine; you can erase it on the last page.

Taking part is voluntary. You can stop at any time, and you can delete what was sent on the last page."""

# A NUL character is refused: PostgreSQL cannot store one in text.
NO_NUL = r"^[^\x00]*$"
ModeText = Annotated[str, StringConstraints(max_length=250, pattern=NO_NUL)]
StudyModel = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}(@[0-9]+(\.[0-9]+){0,3})?$")]


class StudyDefinition(Payload):
    """A study as a researcher writes it. ``models`` are names, or ``name@version``; a bare name takes the newest.

    ``modes`` are names, with wishes in brackets where there are some: ``direct-wasm[threads=1]``.
    ``own_models``: testers may, after the measuring, also play with a model file of their own; such runs enter no
    figure. ``quotas`` and ``questions`` are kept as given; nothing acts on them yet.
    """

    model_config = ConfigDict(strict=False)  # people and commands write it, not only JSON

    title: Annotated[
        str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=NO_NUL)
    ]
    text: Annotated[str, StringConstraints(max_length=5_000, pattern=NO_NUL)] = DEFAULT_TEXT
    consent_text: Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=NO_NUL)] = (
        DEFAULT_CONSENT
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] = "en"
    models: Annotated[list[StudyModel], Field(min_length=1, max_length=MAX_CONDITIONS)]
    modes: Annotated[list[ModeText], Field(min_length=1, max_length=MAX_CONDITIONS)] = Field(
        default_factory=default_modes
    )
    protocol: Protocol = Protocol()
    simulated: bool = False
    autorun: bool = False
    stage: Literal["pilot", "main"] = "main"
    own_models: bool = True
    questions: Annotated[list[dict[str, Any]], Field(max_length=100)] = []
    quotas: dict[str, Any] = {}

    @field_validator("modes")
    @classmethod
    def _known_modes(cls, modes: list[str]) -> list[str]:
        return _unlike("mode", [str(parse_mode(mode)) for mode in modes])

    @field_validator("models")
    @classmethod
    def _unlike_models(cls, models: list[str]) -> list[str]:
        return _unlike("model", models)

    def plain_modes(self) -> list[str]:
        """The modes without what is wished of them, each once."""
        return plain_modes(self.modes)


class PlannedModel(BundleRef):
    """A pinned bundle, with what the tester's page says about it. ``bytes`` is the download."""

    title: str
    description: str
    bytes: int


class StudyPlan(Versioned):
    """A study's revision: the definition and the exact bundles it means. Never changes once stored."""

    definition: StudyDefinition
    models: list[PlannedModel]

    def conditions(self) -> list[tuple[BundleRef, AskedMode]]:
        """Every model in every mode with its wishes, in the order given."""
        refs = [
            BundleRef(name=model.name, version=model.version, sha256=model.sha256) for model in self.models
        ]
        modes = [parse_mode(mode) for mode in self.definition.modes]
        return [(ref, mode) for ref in refs for mode in modes]


class Bundle(TypingProtocol):
    """What a plan needs to know of a bundle; ``kit.models.catalog.BundleInfo`` has it."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def bytes(self) -> int: ...
    @property
    def internal(self) -> bool: ...


def plan_study(definition: StudyDefinition, bundles: Iterable[Bundle]) -> StudyPlan:
    """Pin every model of a definition to one of ``bundles``.

    Raises ValueError in one sentence for a model that is not there and for too many conditions.
    """
    available = list(bundles)
    plan = StudyPlan(
        schema=1, definition=definition, models=[_pin(name, available) for name in definition.models]
    )
    count = len(plan.conditions())
    if count > MAX_CONDITIONS:
        raise ValueError(
            f"{count} conditions (models x modes) are too many for one visit; have at most {MAX_CONDITIONS}"
        )
    if definition.autorun and count > 2:
        raise ValueError(
            f"a bench study compares two conditions at most, not {count}; make one study per pair"
        )
    return plan


def visit_sequence(plan: StudyPlan, seed: int, visit_number: int) -> list[PlanEntry]:
    """The blocks of one visit, numbered from 0. The same seed and number give the same sequence."""
    conditions, protocol = plan.conditions(), plan.definition.protocol
    if plan.definition.autorun:
        slots = bench_order(len(conditions), protocol.blocks)
    else:
        slots = study_order(len(conditions), protocol.blocks, seed, visit_number, protocol.drift_control)
    return [
        PlanEntry(
            block=block,
            model=conditions[slot.condition][0],
            mode=conditions[slot.condition][1].mode,
            variant=conditions[slot.condition][1].asked,
            drift_control=slot.drift_control,
        )
        for block, slot in enumerate(slots)
    ]


def _unlike(what: str, names: Sequence[str]) -> list[str]:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the {what} {name} is named twice; name it once")
    return list(names)


def _pin(wanted: str, bundles: Sequence[Bundle]) -> PlannedModel:
    name, _, version = wanted.partition("@")
    fitting = [bundle for bundle in bundles if bundle.name == name and version in ("", bundle.version)]
    if not fitting:
        known = (
            ", ".join(sorted({bundle.name for bundle in bundles})) or "none; add one with `kit models add`"
        )
        raise ValueError(f"there is no model {wanted}; there are: {known}")
    best = max(fitting, key=lambda bundle: [int(part) for part in bundle.version.split(".")])
    return PlannedModel(
        name=best.name,
        version=best.version,
        sha256=best.sha256,
        title=best.title,
        description=best.description,
        bytes=best.bytes,
    )
