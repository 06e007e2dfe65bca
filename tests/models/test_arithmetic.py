from __future__ import annotations

import pytest

from kit.models.arithmetic import Axis, Padding, axes, live_taps, multiply_adds, output_size


def test_a_convolution_of_two_by_two_uses_four_of_its_sixteen_taps() -> None:
    assert live_taps(axes("conv2d", (2, 2), (2, 2), (4, 4))) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_transposed_convolution_of_one_by_one_uses_the_same_four() -> None:
    assert live_taps(axes("conv2d_transpose", (1, 1), (2, 2), (4, 4))) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_larger_inputs_use_all_taps() -> None:
    assert live_taps(axes("conv2d", (4, 4), (2, 2), (4, 4))) is None


@pytest.mark.parametrize(
    ("op", "padding", "expected"),
    [
        ("conv2d", "same", (3, 2)),
        ("conv2d", "valid", (2, 1)),
        ("conv2d", ((1, 2), (0, 1)), (3, 2)),
        ("conv2d_transpose", "same", (10, 8)),
        ("conv2d_transpose", "valid", (11, 9)),
        ("conv2d_transpose", ((1, 0), (2, 1)), (10, 6)),
    ],
)
def test_output_sizes(op: str, padding: Padding, expected: tuple[int, int]) -> None:
    assert output_size(op, (5, 4), (2, 2), (3, 3), padding) == expected


def test_a_valid_transposed_convolution_with_gaps_ends_in_a_gap_as_keras_has_it() -> None:
    assert output_size("conv2d_transpose", (5, 4), (3, 3), (1, 2), "valid") == (15, 12)


@pytest.mark.parametrize("padding", ["same", "valid", ((1, 0), (2, 1))])
def test_a_transposed_convolution_has_as_many_steps_as_its_input_has_places(padding: Padding) -> None:
    rows, columns = axes("conv2d_transpose", (5, 4), (2, 2), (3, 3), padding)
    assert (rows.steps, columns.steps) == (5, 4)


def test_work_with_and_without_padding() -> None:
    assert multiply_adds(axes("conv2d", (2, 2), (2, 2), (4, 4)), channels=10) == (160, 40)


def test_padding_goes_to_the_end_where_it_is_odd() -> None:
    assert Axis(size=5, taps=4, stride=2).before == 1
    assert Axis(size=4, taps=3, stride=2).before == 0
