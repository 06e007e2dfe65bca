"""What ``kit models add`` and ``kit convert`` ask about a model that was made elsewhere: one spelling, one refusal."""

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias, get_args

import click

from kit.commands.output import cell
from kit.models.catalog import BundleInfo
from kit.models.errors import BundleError
from kit.models.incoming import (
    About,
    Choices,
    Facts,
    about,
    parse_credit,
    parse_range,
    parse_size,
    suggested_name,
    suggested_version,
)
from kit.models.manifest import Precision

Options: TypeAlias = dict[str, Any]

_OPTIONS = [
    click.option(
        "--name", help="Small letters, digits and -; made from the file's name where it is left out."
    ),
    click.option("--version", help="Three numbers, such as 1.0.0; the next free one where it is left out."),
    click.option("--title", help="What people read."),
    click.option("--description", help="A sentence or two."),
    click.option(
        "--size",
        metavar="HxW",
        help="Height and width of the input, for networks that take any; else 256x256.",
    ),
    click.option(
        "--input-range",
        metavar="LOW,HIGH",
        help="Values that the network expects, where it does not say so; one word, as in -1,1.",
    ),
    click.option(
        "--output-range", metavar="LOW,HIGH", help="Values that it gives, where it does not say so."
    ),
    click.option(
        "--precision",
        type=click.Choice(get_args(Precision)),
        help="How weights are stored and sent; float16 where it is left out.",
    ),
    click.option(
        "--credit",
        multiple=True,
        metavar="WHAT|LICENCE|URL",
        help="A source to name; licence and address may be left out; may be repeated.",
    ),
]


def model_options(command: Callable[..., None]) -> Callable[..., None]:
    """Everything that can be said about a model, as options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def choices_of(options: Options) -> Choices:
    """Size, ranges and storage. Raises BundleError that names the option."""

    def read(name: str, parse: Any) -> Any:
        return parse(options[name], spelt(name)) if options[name] else None

    return Choices(
        size=read("size", parse_size),
        input_range=read("input_range", parse_range),
        output_range=read("output_range", parse_range),
        precision=options["precision"] or "float16",
    )


def label_of(path: Path, options: Options, known: Iterable[BundleInfo] = ()) -> About:
    """Name, version, title, description and credits. Raises BundleError that names the field."""
    name = options["name"] or suggested_name(path.absolute())
    return about(
        name=name,
        version=options["version"] or suggested_version(name, known),
        title=options["title"] or name,
        description=options["description"] or "",
        credits=tuple(map(parse_credit, options["credit"])),
    )


def given(options: Options) -> list[str]:
    """The options that somebody wrote."""
    return [name for name, value in options.items() if value]


def spelt(name: str) -> str:
    """An option as it is typed."""
    return f"--{name.replace('_', '-')}"


def refuse_for_bundle(options: Options) -> None:
    """Raise BundleError where something is said of a bundle that it says itself."""
    for name in given(options):
        raise BundleError(
            f"a bundle keeps what its manifest says, so that it stays the same everywhere; leave out {spelt(name)}"
        )


def said_options(facts: Facts, options: Options) -> str:
    """What the file says of itself and nobody has said, as options to repeat; empty where there is nothing."""
    said = facts.said
    suggested = {
        "title": said.title,
        "input_range": None if facts.known_input_range else said.input_range,
        "output_range": None if facts.known_output_range else said.output_range,
    }
    left = {name: value for name, value in suggested.items() if value and not options[name]}
    pieces = [f"{spelt(name)}={_written(value)}" for name, value in left.items()]
    if not options["credit"]:
        pieces += [f"--credit={shlex.quote(line)}" for line in said.credits]
    return " ".join(pieces)


def _written(value: str | tuple[float, float]) -> str:
    return shlex.quote(value) if isinstance(value, str) else f"{value[0]:g},{value[1]:g}"


def refuse_undecided(facts: Facts, choices: Choices, options: Options) -> None:
    """Raise BundleError where a range is a guess so far; the guess is named as one."""
    guesses = {"input": facts.used_input_range, "output": facts.used_output_range}
    asked = facts.undecided(choices)
    if not asked:
        return
    low, high = map(cell, facts.observed)
    seen = f" (on the test picture it gave {low} to {high})" if "output" in asked else ""
    words = said_options(facts, options)
    said = f"; the file says of itself: {words}" if words else ""
    wanted = " ".join(f"--{which}-range={guesses[which][0]:g},{guesses[which][1]:g}" for which in asked)
    raise BundleError(
        f"the network does not say which values its {' and its '.join(asked)} {'has' if len(asked) == 1 else 'have'}"
        f"{seen}; add {wanted} if that is it, or what it was trained with{said}"
    )
