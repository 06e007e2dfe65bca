"""Which page loads a bench needs: two conditions at most are alive in one, because more would disturb each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.commands.definitions import validated
from kit.domain.study import StudyDefinition


@dataclass(frozen=True, slots=True)
class Page:
    """One page load: a model in its first mode, the reference, and where there is another mode in that. Modes have their
    wishes in brackets.
    """

    model: str
    modes: tuple[str, ...]

    @property
    def label(self) -> str:
        """What progress calls it."""
        return f"{self.model}: {' and '.join(self.modes)}"


def plan_pages(models: Sequence[str], pairs: Sequence[tuple[str, ...]]) -> list[Page]:
    """The page loads: every model in every pair."""
    return [Page(model, pair) for model in models for pair in pairs]


def bench_definition(
    page: Page, seconds: float | None, knobs: Mapping[str, float] | None = None
) -> StudyDefinition:
    """The study behind one page load: it runs without a person, and its visit is marked simulated.

    ``knobs``: further ones of the protocol. Raises CallerError.
    """
    lengths = {} if seconds is None else {"capability_s": seconds, "displayed_s": seconds}
    fields = {
        "title": f"Bench of {page.model}",
        "models": [page.model],
        "modes": list(page.modes),
        "protocol": lengths | dict(knobs or {}),
        "simulated": True,
        "autorun": True,
    }
    return validated(fields)
