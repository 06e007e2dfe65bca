"""``kit study``: make, list, open and close studies."""

import json
from pathlib import Path
from typing import Any

import click

from kit.commands.definitions import definition_from, read_definition
from kit.commands.group import example
from kit.commands.output import json_option, print_json, print_table
from kit.commands.store import ACTOR, bundles, now, open_database
from kit.db import studies
from kit.db.admins import note
from kit.settings import load_settings


@click.group(epilog=example('kit study new --title "Clouds" --models flowers-small', "kit study list"))
def study() -> None:
    """Make, list, open and close studies."""


@study.command(
    epilog=example(
        'kit study new --title "Which GPU paints fastest?" --models flowers-small --modes tfjs-pixels,tfjs-webgl',
        'kit study new --title "Short" --models flowers-small --seconds 1 --set warmup_max_s=5',
    )
)
@click.option("--title", required=True, help="What testers read first.")
@click.option("--models", required=True, help="Model names, with commas; name@version pins a version.")
@click.option("--modes", help="Output modes, with commas; all that can run where it is left out.")
@click.option("--text", help="What the study is about, below the title.")
@click.option(
    "--consent-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A text file with the consent text.",
)
@click.option("--language", help="The language of your texts, such as en or de-CH.")
@click.option("--seconds", type=click.FloatRange(0.5, 30), help="Length of each of a block's two windows.")
@click.option("--blocks", type=click.IntRange(2, 20), help="Blocks of each condition.")
@click.option(
    "--set",
    "knobs",
    multiple=True,
    metavar="KNOB=VALUE",
    help="Another measuring knob, such as warmup_max_s=5.",
)
@click.option("--name", help="Short name for commands; made from the title where it is left out.")
@click.option("--pilot", is_flag=True, help="A trial run: its visits are kept apart from the main study's.")
@click.option(
    "--own-models/--no-own-models",
    default=None,
    help="Testers may also try a model file of their own while painting (they may, unless you say no).",
)
@click.option(
    "--quota",
    "quotas",
    multiple=True,
    metavar="KIND:NUMBER",
    help="Machines that you want, such as class=integrated:80 or machines:300; the overview says how many came.",
)
@click.option("--draft", is_flag=True, help="Do not open it yet.")
@json_option
def new(name: str | None, draft: bool, as_json: bool, **options: Any) -> None:
    """Make a study with one general link, and print the URL to send."""
    settings = load_settings()
    with open_database(settings) as database, database.write() as session:
        definition = definition_from(**options)
        made = studies.create_study(
            session, definition, bundles(settings), now=now(), name=name, open_now=not draft
        )
        link = studies.create_link(session, made, now=now(), label="general")
        note(session, ACTOR, "study made", made.name, now=now())
        answer = {"study": made.name, "state": made.state, "url": f"{settings.base_url}/s/{link.token}"}
    if as_json:
        print_json(answer)
        return
    click.echo(f"Study {answer['study']} is {answer['state']}. Send this URL:\n{answer['url']}")


@study.command("list", epilog=example("kit study list", "kit study list --json"))
@json_option
def list_(as_json: bool) -> None:
    """List all studies."""
    with open_database() as database, database.read() as session:
        rows = [
            {
                "name": one.name,
                "title": one.title,
                "state": one.state,
                "stage": one.stage,
                "simulated": one.simulated,
                "visits": studies.count_visits(session, one),
                "links": len(studies.list_links(session, one)),
                "created_at": one.created_at,
            }
            for one in studies.list_studies(session)
        ]
    if as_json:
        print_json(rows)
        return
    columns = ("name", "title", "state", "visits", "links")
    print_table(columns, [[row[column] for column in columns] for row in rows])


@study.command(epilog=example("kit study show flowers", "kit study show flowers --json"))
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show what the study NAME asks for, and its links."""
    settings = load_settings()
    with open_database(settings) as database, database.read() as session:
        one = studies.get_study(session, name)
        revision = studies.current_revision(session, one.id)
        plan = studies.read_plan(revision)
        links = [link_row(settings.base_url, link) for link in studies.list_links(session, one)]
        answer = {
            "name": one.name,
            "state": one.state,
            "revision": revision.number,
            "visits": studies.count_visits(session, one),
            "links": links,
            "models": [f"{model.name}@{model.version}" for model in plan.models],
            "definition": plan.definition.model_dump(mode="json"),
        }
    if as_json:
        print_json(answer)
        return
    click.echo("\n".join(_show_lines(answer)))


@study.command("open", epilog=example("kit study open flowers"))
@click.argument("name")
def open_(name: str) -> None:
    """Let new visits into the study NAME."""
    with open_database() as database, database.write() as session:
        one = studies.get_study(session, name)
        studies.open_study(session, one, now=now())
        note(session, ACTOR, "study opened", one.name, now=now())
        click.echo(f"{one.name} is open")


@study.command(epilog=example("kit study close flowers"))
@click.argument("name")
def close(name: str) -> None:
    """Let no new visits into the study NAME; visits under way may still send what they measured."""
    with open_database() as database, database.write() as session:
        one = studies.get_study(session, name)
        studies.close_study(session, one, now=now())
        note(session, ACTOR, "study closed", one.name, now=now())
        click.echo(f"{one.name} is closed")


@study.command(epilog=example("kit study export flowers > flowers.json"))
@click.argument("name")
def export(name: str) -> None:
    """Print the definition of the study NAME as JSON, to keep, to change, or to import elsewhere."""
    with open_database() as database, database.read() as session:
        one = studies.get_study(session, name)
        plan = studies.read_plan(studies.current_revision(session, one.id))
        print_json({"schema": 1, "name": one.name, "definition": plan.definition.model_dump(mode="json")})


@study.command(
    "import",
    epilog=example("kit study import flowers.json", "kit study import flowers.json --name flowers-2"),
)
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--name", help="Short name for commands, instead of the one in the file.")
def import_(file: Any, name: str | None) -> None:
    """Make a study from a FILE that `kit study export` wrote, with a new link."""
    settings = load_settings()
    given, definition = read_definition(file.read())
    with open_database(settings) as database, database.write() as session:
        made = studies.create_study(session, definition, bundles(settings), now=now(), name=name or given)
        link = studies.create_link(session, made, now=now(), label="general")
        note(session, ACTOR, "study imported", made.name, now=now())
        click.echo(f"Study {made.name} is {made.state}. Send this URL:\n{settings.base_url}/s/{link.token}")


def link_row(base_url: str, link: Any) -> dict[str, Any]:
    """One link as commands show it."""
    return {
        "token": link.token,
        "url": f"{base_url}/s/{link.token}",
        "kind": link.kind,
        "uses": link.uses,
        "label": link.label,
        "on": link.on,
    }


def _show_lines(answer: dict[str, Any]) -> list[str]:
    definition = answer["definition"]
    knobs = ", ".join(f"{knob} {json.dumps(value)}" for knob, value in definition["protocol"].items())
    return [
        f"{answer['name']}: {definition['title']}",
        f"state     {answer['state']}, {answer['visits']} visits, revision {answer['revision']}",
        f"models    {', '.join(answer['models'])}",
        f"modes     {', '.join(definition['modes'])}",
        f"protocol  {knobs}",
        f"own       testers' own models are {'offered' if definition['own_models'] else 'not offered'}",
        *(
            f"link      {link['url']}  ({link['kind']}, {'on' if link['on'] else 'off'})"
            for link in answer["links"]
        ),
    ]
