"""Settings: typed, from KIT_* or files, and refused in one line where they make no sense."""

import stat
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from kit.errors import CallerError
from kit.settings import Settings, known_variables, load_settings, secret_key


def test_defaults_need_no_variables() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.database == f"sqlite:///{settings.home / 'fieldkit.sqlite'}"


def test_variables_are_read_and_arguments_win(tmp_path: Path) -> None:
    settings = load_settings({"KIT_PORT": "9000", "KIT_HOME": str(tmp_path)}, port=9001, host=None)
    assert (settings.port, settings.home, settings.host) == (9001, tmp_path, "127.0.0.1")


def test_settings_cannot_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


BAD = [
    ("KIT_PROT", "8000", "KIT_PROT is not a setting; did you mean KIT_PORT?"),
    ("KIT_ZZZZZ", "1", "KIT_ZZZZZ is not a setting; known are: KIT_HOME,"),
    ("KIT_PORT", "80a", "KIT_PORT must be a whole number from 0 to 65535"),
    ("KIT_PORT", "70000", "KIT_PORT must be a whole number from 0 to 65535"),
    ("KIT_PORT", "-1", "KIT_PORT must be"),
    ("KIT_THREADS", "1", "KIT_THREADS must be a whole number from 2 to 256"),
    ("KIT_LOG_LEVEL", "loud", "KIT_LOG_LEVEL must be one of: debug, info, warning, error"),
    ("KIT_MIGRATE", "yes", "KIT_MIGRATE must be 1 (yes) or 0 (no)"),
    ("KIT_PUBLIC_URL", "study.example.org", "KIT_PUBLIC_URL must look like https://"),
    ("KIT_PUBLIC_URL", "https://example.org/study", "KIT_PUBLIC_URL must look like https://"),
    ("KIT_DATABASE_URL", "mysql://x", "KIT_DATABASE_URL must start with sqlite:/// or postgresql://"),
    ("KIT_SECRET_KEY", "short", "KIT_SECRET_KEY must have at least 32 characters"),
    ("KIT_SECRET_KEY_FILE", "/nonexistent/key", "KIT_SECRET_KEY_FILE: cannot read /nonexistent/key"),
]


@pytest.mark.parametrize(("name", "value", "message"), BAD)
def test_nonsense_is_refused_in_one_line(name: str, value: str, message: str) -> None:
    with pytest.raises(CallerError) as caught:
        load_settings({name: value})
    assert caught.value.message.startswith(message)
    assert "\n" not in caught.value.message


def test_a_secret_comes_from_a_file_and_not_from_both(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 40 + "\n")
    assert load_settings({"KIT_SECRET_KEY_FILE": str(file)}).secret_key == "k" * 40
    with pytest.raises(CallerError, match="both set"):
        load_settings({"KIT_SECRET_KEY_FILE": str(file), "KIT_SECRET_KEY": "k" * 40})


def test_postgresql_urls_get_the_driver_that_is_installed() -> None:
    assert (
        load_settings({"KIT_DATABASE_URL": "postgresql://a:b@c/d"}).database == "postgresql+psycopg://a:b@c/d"
    )


def test_the_made_secret_key_stays_and_is_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    assert secret_key(settings) == secret_key(settings)
    assert len(secret_key(settings)) >= 40
    assert stat.S_IMODE((tmp_path / "home" / "secret_key").stat().st_mode) == 0o600


def test_every_variable_says_what_it_is_for() -> None:
    assert all(len(doc) > 10 for doc in known_variables().values())
