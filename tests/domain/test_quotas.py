"""What a study asks for of hardware."""

import pytest

from kit.domain.quotas import Cell, Quota, fill, quotas_from, read_quotas

CELLS = [
    Cell("discrete", "NVIDIA", "Chrome", "Windows", "exact", 12),
    Cell("integrated", "Intel", "Chrome", "Windows", "exact", 7),
    Cell("integrated", "Apple", "Safari", "macOS", "blurred", 3),
]


def test_every_form_of_quota_is_counted_and_the_emptiest_comes_first() -> None:
    quotas, trouble = read_quotas(
        {
            "machines": 20,
            "class": {"Integrated": 20},
            "browser": {"Firefox": 5},
            "cells": [{"class": "integrated", "os": "Windows", "machines": 7}],
        }
    )
    filled = [(dict(one.quota.of), one.have, one.missing) for one in fill(quotas, CELLS)]
    assert trouble == []
    assert filled == [
        ({"browser": "Firefox"}, 0, 5),
        ({"class": "Integrated"}, 10, 10),
        ({"class": "integrated", "os": "Windows"}, 7, 0),
        ({}, 22, 0),
    ]


@pytest.mark.parametrize(
    "quotas",
    [
        {"machines": "many"},
        {"machines": True},
        {"class": {"discrete": -1}},
        {"colour": {"red": 3}},
        {"cells": [{"machines": 3}]},
        {"cells": [{"class": 7, "machines": 3}]},
        {"class": ["discrete"]},
    ],
)
def test_what_cannot_be_read_is_named_and_never_raises(quotas: dict[str, object]) -> None:
    found, trouble = read_quotas(quotas)
    assert found == []
    assert next(iter(quotas)) in trouble[0]


def test_a_quota_of_nothing_holds_every_machine() -> None:
    assert all(Quota({}, 1).holds(cell) for cell in CELLS)


def test_what_a_command_takes_is_what_is_read() -> None:
    asked = quotas_from(
        ["class=integrated:80", "class=mobile:9", "browser=Safari,class=mobile:20", "machines:300"]
    )
    assert asked == {
        "class": {"integrated": 80, "mobile": 9},
        "cells": [{"browser": "Safari", "class": "mobile", "machines": 20}],
        "machines": 300,
    }
    quotas, trouble = read_quotas(asked)
    assert (len(quotas), trouble) == (4, [])


@pytest.mark.parametrize(
    "text", ["", "machines", "machines:0", "colour=red:3", "class=:3", "class=mobile:many"]
)
def test_a_quota_that_cannot_be_read_says_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="is no quota; write it as"):
        quotas_from([text])
