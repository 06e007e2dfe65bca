"""All settings: one frozen, typed object made from KIT_* variables, and one table that says what each is for.

A secret can also come from a file: ``KIT_SECRET_KEY_FILE`` names a file that holds ``KIT_SECRET_KEY``. A KIT_* variable
that is not listed here is refused, because a typo that is ignored costs an evening.
"""

import difflib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from kit.errors import CallerError

PACKAGE = Path(__file__).resolve().parent

COMMAND_VARIABLES: dict[str, str] = {
    "KIT_CHROMIUM": "the Chromium or Chrome program that `kit bench` starts; empty: look in the usual places",
    "KIT_DEBUG": "1: a command that fails by a fault of Fieldkit prints where, instead of one line",
    "KIT_FIREFOX": "the Firefox program that `kit bench` starts; empty: look in the usual places",
    "KIT_TEST_DATA": "a folder with pictures and renderer strings that Fieldkit's own tests use, where there is one",
}
"""Variables that only commands read, on top of the server's own: known, so that they are not taken for typos."""


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def _switch(value: str) -> bool:
    if value not in ("0", "1"):
        raise ValueError("must be 1 (yes) or 0 (no)")
    return value == "1"


def _choice(*words: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in words:
            raise ValueError(f"must be one of: {', '.join(words)}")
        return value

    return parse


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/")):
        raise ValueError("must look like https://study.example.org, without a path")
    return value.rstrip("/")


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must begin with http:// or https:// and name a server")
    return value


def _database_url(value: str) -> str:
    if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value.replace("postgresql://", "postgresql+psycopg://", 1)


def _secret_key(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError(
            'must have at least 32 characters; make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return value


def default_home() -> Path:
    """``.kit`` beside the package in a checkout, else the user's own data folder."""
    checkout = PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "migrations").is_dir():
        return checkout / ".kit"
    return Path("~/.local/share/fieldkit").expanduser()


def setting(
    default: Any, parse: Callable[[str], Any], doc: str, *, secret: bool = False, example: str = ""
) -> Any:
    """A field of ``Settings``: its default, the reader of its variable, and what it is for."""
    about = {"parse": parse, "doc": doc, "secret": secret, "example": example}
    if callable(default):
        return field(default_factory=default, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set. The variable of a field is KIT_ and its name in capitals."""

    home: Path = setting(
        default_home,
        _path,
        "folder for the database, secrets and published models",
        example="/var/lib/fieldkit",
    )
    database_url: str = setting(
        "",
        _database_url,
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME; empty: SQLite in KIT_HOME",
        secret=True,
        example="postgresql://fieldkit:secret@database/fieldkit",
    )
    host: str = setting("127.0.0.1", _text, "address to listen on; 0.0.0.0 for all", example="0.0.0.0")  # noqa: S104
    port: int = setting(8000, _whole(0, 65535), "port to listen on", example="8000")
    workers: int = setting(0, _whole(0, 256), "server processes; 0: as many as fit this machine", example="2")
    threads: int = setting(
        16, _whole(2, 256), "threads of each process; slow downloads hold one each", example="16"
    )
    public_url: str = setting(
        "",
        _public_url,
        "how testers reach this server; links are printed with it",
        example="https://study.example.org",
    )
    secret_key: str = setting(
        "",
        _secret_key,
        "signs admins' sessions; empty: made once and kept in KIT_HOME. Several servers must share one",
        secret=True,
    )
    trusted_proxies: int = setting(
        0, _whole(0, 10), "reverse proxies in front whose X-Forwarded-* headers count", example="1"
    )
    log_format: Literal["text", "json"] = setting(
        "text", _choice("text", "json"), "text or json", example="json"
    )
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", _choice("debug", "info", "warning", "error"), "debug, info, warning or error", example="info"
    )
    migrate: bool = setting(
        True,
        _switch,
        "1: bring the database up to date at every start; 0: leave that to `kit db upgrade`",
        example="1",
    )

    upload_mb: int = setting(
        500,
        _whole(1, 4000),
        "largest model that the dashboard takes, in MB (all its files together)",
        example="200",
    )
    convert_mb: int = setting(
        6000,
        _whole(1000, 1_000_000),
        "memory of the child process that reads an added model, in MB of address space",
        example="4000",
    )
    convert_seconds: int = setting(
        300, _whole(10, 3600), "how long that child process may take, in seconds", example="120"
    )
    flowers102_url: str = setting(
        "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/102flowers.tgz",
        _web_address,
        "where `kit dataset get flowers102` finds the archive; a mirror must have the same file",
        example="https://mirror.example.org/102flowers.tgz",
    )

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: ``database_url``, or the SQLite file in ``home``."""
        return self.database_url or f"sqlite:///{self.home / 'fieldkit.sqlite'}"

    @property
    def model_roots(self) -> tuple[Path, ...]:
        """Where bundles are looked for: those published here, then those that ship."""
        return (self.home / "models", PACKAGE / "models" / "bundled")

    @property
    def base_url(self) -> str:
        """The start of links as they are printed: ``public_url``, or this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def variable(name: str) -> str:
    """The environment variable of a field."""
    return f"KIT_{name.upper()}"


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read all settings from the environment; keyword arguments (from the command line) win.

    Raises CallerError with one line for the first variable that makes no sense.
    """
    environ = os.environ if environ is None else environ
    _refuse_unknown(environ)
    values: dict[str, Any] = {}
    for about in fields(Settings):
        text = _read(about.name, environ)
        if text is not None:
            values[about.name] = _parse(variable(about.name), text, about.metadata["parse"])
    return Settings(**values | {name: value for name, value in overrides.items() if value is not None})


def known_variables() -> dict[str, str]:
    """Every variable that is read, with what it is for."""
    own = {variable(about.name): str(about.metadata["doc"]) for about in fields(Settings)}
    return own | COMMAND_VARIABLES


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = list(known_variables())
    for name in sorted(environ):
        ours = name.startswith("KIT_") and not name.startswith(
            "KIT_TEST_"
        )  # those are for the test suite alone
        if ours and name not in known and name.removesuffix("_FILE") not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are: {', '.join(known)}."
            raise CallerError(f"{name} is not a setting; {hint}", code="unknown_setting", field=name)


def _read(name: str, environ: Mapping[str, str]) -> str | None:
    plain, from_file = environ.get(variable(name)), environ.get(f"{variable(name)}_FILE")
    if plain and from_file:
        raise CallerError(
            f"{variable(name)} and {variable(name)}_FILE are both set; keep one", field=variable(name)
        )
    if not from_file:
        return plain or None
    try:
        return Path(from_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(
            f"{variable(name)}_FILE: cannot read {from_file}: {error}", field=variable(name)
        ) from error


def _parse(name: str, text: str, parse: Callable[[str], Any]) -> Any:
    try:
        return parse(text)
    except ValueError as error:
        raise CallerError(f"{name} {error}", code="bad_setting", field=name) from error


def secret_key(settings: Settings) -> str:
    """The key that signs sessions: from the settings, else made once and kept in ``home`` for its owner's eyes only."""
    if settings.secret_key:
        return settings.secret_key
    settings.home.mkdir(parents=True, exist_ok=True)
    file = settings.home / "secret_key"
    if not file.exists():
        _write_once(file, secrets.token_urlsafe(48))
    return file.read_text(encoding="utf-8").strip()


def _write_once(file: Path, text: str) -> None:
    """Write a file that appears whole or not at all, and never replaces one that another process made first."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
