"""Evidence for the advisor from the rows that the dashboard reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from kit.domain.stats.advisor import Evidence, Place, Product, Where
from kit.domain.stats.group import FLOOR, Counts, share
from kit.domain.stats.tally import Tally

Figure = Literal["capability", "displayed"]


class HardwareLike(Protocol):
    """What is read of a GPU."""

    @property
    def family(self) -> str: ...
    @property
    def class_(self) -> str: ...


class ConditionLike(Protocol):
    """What is read of a condition. ``asked`` is the mode as the study named it."""

    @property
    def bundle(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def asked(self) -> str: ...
    @property
    def threads(self) -> int: ...
    @property
    def precision(self) -> str: ...


class FiguresLike(Protocol):
    """What is read of a group's figures."""

    @property
    def counts(self) -> Counts: ...


class RowLike(Protocol):
    """What is read of a row: the dashboard's ``GroupRow``, or one with counts alone."""

    @property
    def section(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def hardware(self) -> HardwareLike | None: ...
    @property
    def condition(self) -> ConditionLike: ...
    @property
    def figures(self) -> FiguresLike: ...
    @property
    def tallies(self) -> Mapping[str, Tally]: ...


def evidence_of(
    rows: Mapping[Place, Sequence[RowLike]],
    *,
    target_fps: int,
    sizes: Mapping[str, int],
    figure: Figure = "capability",
) -> list[Evidence]:
    """Pool rows over browsers, and over the threads and the precision that a mode chose by itself.

    That is what an application gets that asks for the mode, and it is the only honest denominator: a run that fails before
    it has threads or a precision has none, and would else be missing from the group whose figure is shown. ``rows``: by
    "gpu", "family" and "class"; a section's classes together are its "default". ``sizes``: multiply-adds by a bundle's
    sha256; a bundle that it lacks counts as the smallest. A machine that measured in two joined browsers, or ran with
    two variants, counts in each. Raises ValueError for a target that was not counted.
    """
    pools: dict[tuple[Where, Product], list[RowLike]] = {}
    listed = {place: list(found) for place, found in rows.items()}
    classes = _classes(listed.get("gpu", []))
    for place, found in listed.items():
        for row in found:
            where = _where(row, place, classes)
            pools.setdefault((where, _product(row)), []).append(row)
            if place == "class":
                default = replace(where, place="default", name="")
                pools.setdefault((default, _product(row)), []).append(row)
    return [
        _pooled(where, product, members, target_fps, sizes.get(product.sha256, 0), figure)
        for (where, product), members in pools.items()
    ]


def _pooled(
    where: Where, product: Product, rows: list[RowLike], target_fps: int, multiply_adds: int, figure: Figure
) -> Evidence:
    counts = sum((row.figures.counts for row in rows), Counts())
    yes, unknown, name = counts.yes, counts.unknown, "capability_ms"
    if figure == "displayed":
        yes, unknown, name = counts.displayed_yes, counts.displayed_unknown, "displayed_fps"
    if target_fps not in yes:
        raise ValueError(
            f"{target_fps} FPS was not counted: choose one of {', '.join(map(str, sorted(yes)))}"
        )
    reach = share(yes[target_fps], counts.started - yes[target_fps] - unknown, unknown)
    tally = Tally.merged(row.tallies[name] for row in rows if name in row.tallies)
    speed = tally if figure == "displayed" else tally.reciprocal()
    return Evidence(
        where=where,
        product=_as_run(product, rows),
        multiply_adds=multiply_adds,
        started=counts.started,
        reach=reach if counts.started >= FLOOR else None,
        fps=speed.quantile(0.5) if speed.n >= FLOOR else None,
    )


def _classes(gpus: Iterable[RowLike]) -> dict[tuple[str, str], set[str]]:
    """The classes of each family's GPUs, which a family's own row does not say."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in gpus:
        if row.hardware:
            found.setdefault((row.section, row.hardware.family), set()).add(row.hardware.class_)
    return found


def _where(row: RowLike, place: Place, classes: Mapping[tuple[str, str], set[str]]) -> Where:
    if place == "gpu" and row.hardware:
        return Where(row.section, place, row.place, row.hardware.family, row.hardware.class_)
    if place == "family":
        of_family = sorted(classes.get((row.section, row.place), ()))
        return Where(row.section, place, row.place, "", of_family[0] if len(of_family) == 1 else "")
    return Where(row.section, place, row.place)


def _product(row: RowLike) -> Product:
    condition = row.condition
    return Product(condition.bundle, condition.version, condition.sha256, condition.asked)


def _as_run(product: Product, rows: Sequence[RowLike]) -> Product:
    """With the threads and the precision that all machines ran with, where these are the same."""
    ran = {
        (row.condition.threads, row.condition.precision)
        for row in rows
        if row.condition.precision not in ("", "unknown")
    }
    threads, precision = ran.pop() if len(ran) == 1 else (0, "")
    return replace(product, threads=threads, precision=precision)
