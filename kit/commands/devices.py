"""``kit devices``: the names of what visits ran on."""

from collections import Counter
from typing import Any

import click

from kit.commands.group import example
from kit.commands.output import json_option, print_json, print_table
from kit.commands.store import ACTOR, now, open_database
from kit.db import aliases as own_names
from kit.db import renormalise as renaming
from kit.db.admins import note
from kit.db.naming import NAMES
from kit.db.session import Database
from kit.domain.gpu import RULE_VERSION
from kit.errors import CallerError


@click.group(
    epilog=example("kit devices renormalise", 'kit devices alias "AMD Custom GPU 0405" "Steam Deck"')
)
def devices() -> None:
    """Read GPU names again by new rules, or add names of your own."""


@devices.command(epilog=example("kit devices renormalise", "kit devices renormalise --apply"))
@click.option("--apply", "do_it", is_flag=True, help="Change the names; without it they are only shown.")
@json_option
def renormalise(do_it: bool, as_json: bool) -> None:
    """Read the GPUs' names from the raw strings again, by this version's rules, and show what changes.

    With --apply it changes them and every figure that is grouped by them. Broken off, it can be started again.
    """
    with open_database() as database:
        found = _apply(database) if do_it else _survey(database)
    changed = sum(found.renamings.values())
    if as_json:
        print_json(_report(found, changed, applied=do_it))
        return
    if changed:
        print_table(("devices", "what", "old", "new"), _lines(found.renamings))
    did = "renamed" if do_it else "would be renamed; --apply does it"
    click.echo(f"{changed} of {found.devices} devices {did if changed else 'differ'} (rules {RULE_VERSION})")


@devices.command(
    epilog=example(
        "kit devices alias",
        'kit devices alias "AMD Custom GPU 0405" "Steam Deck"',
        'kit devices alias "AMD Custom GPU 0405" --remove',
    )
)
@click.argument("model", required=False)
@click.argument("name", required=False)
@click.option("--remove", is_flag=True, help="Take the alias of MODEL away.")
@json_option
def alias(model: str | None, name: str | None, remove: bool, as_json: bool) -> None:
    """Show the GPU that the rules call MODEL also as NAME; alone, list all such names.

    The rules' name stays, and figures are grouped by it.
    """
    if (name is None) == (model is not None and not remove) or (remove and model is None):
        raise CallerError("say MODEL and NAME, or MODEL and --remove, or nothing for the list")
    with open_database() as database:
        if model is not None:
            _change(database, model, name)
        with database.read() as session:
            listed = own_names.aliases(session)
            known = {one: own_names.devices_called(session, one) for one in listed}
    rows = [{"model": one, "name": called, "devices": known[one]} for one, called in listed.items()]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(("model", "name", "devices"), [tuple(row.values()) for row in rows])
    else:
        click.echo("no GPU has a name of your own")


def _change(database: Database, model: str, name: str | None) -> None:
    with database.write() as session:
        if name is None:
            own_names.remove_alias(session, model, actor=ACTOR, now=now())
        else:
            own_names.set_alias(session, model, name, actor=ACTOR, now=now())


def _survey(database: Database) -> renaming.Found:
    with database.read() as session:
        return renaming.survey(session)


def _apply(database: Database) -> renaming.Found:
    """One transaction a batch, and a line in the list of who changed what before the first and after the last."""
    _note(database, "renaming of devices begun", {})
    total, after = renaming.Found(0, Counter(), None), ""
    while True:
        with database.write() as session:
            found = renaming.apply_batch(session, after)
        total.devices += found.devices
        total.renamings.update(found.renamings)
        if found.last is None:
            break
        after = found.last
    changed = sum(total.renamings.values())
    _note(database, "devices renamed", {"devices": total.devices, "changed": changed})
    return total


def _note(database: Database, action: str, details: dict[str, Any]) -> None:
    with database.write() as session:
        note(session, ACTOR, action, f"rules {RULE_VERSION}", now=now(), details=details)


def _report(found: renaming.Found, changed: int, *, applied: bool) -> dict[str, Any]:
    changes = [
        {
            "devices": count,
            "old": dict(zip(NAMES, one.old, strict=True)),
            "new": dict(zip(NAMES, one.new, strict=True)),
        }
        for one, count in found.renamings.most_common()
    ]
    return {
        "rule_version": RULE_VERSION,
        "devices": found.devices,
        "changed": changed,
        "applied": applied,
        "changes": changes,
    }


def _lines(renamings: "Counter[renaming.Renaming]") -> list[tuple[object, ...]]:
    """A line for each change of a column; those that are many and say little of names are counted together."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one, count in renamings.items():
        for column, (old, new) in one.differing().items():
            name = column.removeprefix("gpu_")
            if name == "chip":
                line = (name, "", "told by the device id" if new else "-")
            elif name in ("model", "confidence"):
                line = (name, _word(old), _word(new))
            else:
                line = (f"{name} of {one.new[NAMES.index('gpu_model')]}", _word(old), _word(new))
            counts[line] += count
    return [(count, *line) for line, count in counts.most_common()]


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value else "-"
