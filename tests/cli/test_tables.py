"""Tables for people."""

from kit.commands.output import table_lines


def test_text_from_elsewhere_cannot_steer_the_terminal() -> None:
    lines = table_lines(("model", "title"), [("roses", "red\x1b[31m\nroses\u202e")])
    assert lines == ["model  title", "roses  red\ufffd[31m\ufffdroses\ufffd"]
