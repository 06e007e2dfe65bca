"""Numbers of a study that pages show at once, kept in the transaction that changes them.

Names, with the study's id as scope: ``visits``, one for each state (``started`` .. ``no_webgl``), ``declined``,
``rejected``, ``machines`` (that have a visit), ``play`` (runs of free play of the study's own models); and with the
empty scope as well ``measured`` (machines with a measured run) and ``simulated`` (the same, synthetic), and for each
flag ``measured hidden``, ``simulated hidden`` and so on (those with a run that has it).
"""

from collections import Counter as Count
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.tables import Counter, Device, Run, Visit
from kit.db.upsert import add_some

Key = tuple[str, str]


def add(session: Session, changes: Mapping[Key, int]) -> None:
    """Add to counters, always in the same order, so that two writers never wait for each other."""
    for (scope, name), change in sorted(changes.items()):
        if change:
            add_some(session, Counter.__table__, {"scope": scope, "name": name}, "n", change)


@contextmanager
def counting(session: Session, visit: Visit) -> Iterator[None]:
    """Whatever happens to the visit within (its runs, its end, its device) changes the counters at the end."""
    session.flush()
    before = counts_of(session, visit)
    yield
    session.flush()
    after = counts_of(session, visit)
    after.subtract(before)
    add(session, after)


def counts_of(session: Session, visit: Visit) -> Count[Key]:
    """What a stored visit adds to the counters, but for ``machines``."""
    declined = session.scalar(select(Device.declined).where(Device.visit_id == visit.id))
    play = select(func.count()).where(Run.visit_id == visit.id, Run.kind == "play", ~Run.local)
    names = {"visits": 1, visit.state: 1, "declined": int(bool(declined)), "play": session.scalar(play) or 0}
    names["rejected"] = int(visit.rejected_at is not None)
    return Count({(visit.study_id, name): number for name, number in names.items() if number})


def add_visit(session: Session, visit: Visit, sign: int = 1) -> None:
    """A visit came (after it is stored), or goes (before it is gone): its counts, and its machine if it has no other."""
    changes = counts_of(session, visit)
    other = select(Visit.id).where(
        Visit.machine_id == visit.machine_id, Visit.study_id == visit.study_id, Visit.id != visit.id
    )
    if session.scalar(other.limit(1)) is None:
        changes[visit.study_id, "machines"] += 1
    add(session, {key: sign * number for key, number in changes.items()})


def read(session: Session) -> dict[Key, int]:
    """All counters that are not 0."""
    rows = session.execute(select(Counter.scope, Counter.name, Counter.n))
    return {(scope, name): int(number) for scope, name, number in rows if number}
