"""The command group that all of ``kit`` hangs on: lazy, and with one line for every error.

A module is imported when its command is called, so that ``kit --help`` is quick and only ``kit train`` pays for
TensorFlow. A mistake of the caller, and a fault of ours, is one line on standard error and a non-zero exit.
"""

import difflib
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import click

from kit.errors import CallerError

CALLERS_MISTAKE = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
UNEXPECTED = 70


class Entry(NamedTuple):
    """Where a command lives (``module`` and ``name`` in it) and the line that ``kit --help`` shows for it."""

    module: str
    name: str
    summary: str


def example(*lines: str) -> str:
    """The example at the end of a command's help, one command line each."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def load(entry: Entry) -> click.Command:
    """Import a command."""
    command = getattr(import_module(entry.module), entry.name)
    if not isinstance(command, click.Command):
        raise TypeError(f"{entry.module}.{entry.name} is not a command")
    return command


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def __init__(self, *args: Any, entries: Mapping[str, Entry] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = dict(entries or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.entries.get(cmd_name)
        return load(entry) if entry else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = difflib.get_close_matches(args[0], self.entries, n=1)
        if near and args[0] not in self.entries:
            ctx.fail(f"There is no command {args[0]!r}; did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self.entries.items()])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, then exit: 0 when all is well, else one line on standard error and what kind of trouble as the code."""
        sys.exit(
            _exit_code(lambda: super(LazyGroup, self).main(args, prog_name, complete_var, False, **extra))
        )


def _exit_code(run: Any) -> int:
    try:
        code = run()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        return _say(_usage_line(error), error.exit_code)
    except CallerError as error:
        return _say(error.message, CALLERS_MISTAKE)
    except (KeyboardInterrupt, click.Abort):
        return _say("stopped", INTERRUPTED)
    except BrokenPipeError:
        # The reader went away (``kit export runs | head``). Standard output must not be flushed into it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the last resort: nobody wants a traceback from a command
        return _unexpected(error)
    return code if isinstance(code, int) else 0


def _usage_line(error: click.ClickException) -> str:
    message = error.format_message().strip()
    path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else None
    return f"{message} See {path} --help." if path else message


def _unexpected(error: Exception) -> int:
    if os.environ.get("KIT_DEBUG"):
        raise error
    return _say(f"a fault in Fieldkit: {type(error).__name__}: {error} (KIT_DEBUG=1 shows where)", UNEXPECTED)


def _say(message: str, code: int) -> int:
    click.echo("kit: " + " ".join(message.split()), err=True)
    return code
