"""``kit link``: the URLs that are sent to testers."""

import click

from kit.commands.group import example
from kit.commands.output import json_option, print_json, print_table
from kit.commands.store import ACTOR, now, open_database
from kit.commands.study import link_row
from kit.db import studies
from kit.db.admins import note
from kit.settings import load_settings


@click.group(epilog=example("kit link new flowers --personal", "kit link list flowers"))
def link() -> None:
    """Make the URLs that you send to testers, or switch them off."""


@link.command(
    epilog=example("kit link new flowers --label newsletter", "kit link new flowers --personal --count 20")
)
@click.argument("study")
@click.option("--personal", is_flag=True, help="For one person: it starts with a button and takes one visit.")
@click.option("--count", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many.")
@click.option("--label", default="", help="A note for yourself; testers do not see it.")
@json_option
def new(study: str, personal: bool, count: int, label: str, as_json: bool) -> None:
    """Make links for the STUDY and print their URLs, one a line."""
    settings = load_settings()
    kind, uses = ("personal", "single") if personal else ("general", "multiple")
    with open_database(settings) as database, database.write() as session:
        one = studies.get_study(session, study)
        made = [
            studies.create_link(session, one, now=now(), kind=kind, uses=uses, label=label)
            for _ in range(count)
        ]
        note(session, ACTOR, f"{count} {kind} links made", one.name, now=now())
        rows = [link_row(settings.base_url, each) for each in made]
    if as_json:
        print_json(rows)
        return
    click.echo("\n".join(row["url"] for row in rows))


@link.command("list", epilog=example("kit link list flowers", "kit link list flowers --json"))
@click.argument("study")
@json_option
def list_(study: str, as_json: bool) -> None:
    """List the links of the STUDY."""
    settings = load_settings()
    with open_database(settings) as database, database.read() as session:
        found = studies.list_links(session, studies.get_study(session, study))
        rows = [link_row(settings.base_url, each) for each in found]
    if as_json:
        print_json(rows)
        return
    columns = ("url", "kind", "uses", "label", "on")
    print_table(columns, [[row[column] for column in columns] for row in rows])


@link.command(
    epilog=example("kit link off 3kP9xQ2LmT1a", "kit link off http://127.0.0.1:8000/s/3kP9xQ2LmT1a")
)
@click.argument("link")
@click.option("--on", is_flag=True, help="Switch it on again.")
def off(link: str, on: bool) -> None:
    """Switch a LINK off (its token or its whole URL): who opens it reads that it is off."""
    with open_database() as database, database.write() as session:
        switched = studies.switch_link(session, link.rstrip("/").rsplit("/", 1)[-1], on=on)
        note(session, ACTOR, f"link switched {'on' if on else 'off'}", switched.id, now=now())
        click.echo(f"{switched.token} is {'on' if switched.on else 'off'}")
