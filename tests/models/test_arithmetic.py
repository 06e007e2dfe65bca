from __future__ import annotations

import pytest

from kit.models.arithmetic import Axis, axes, live_taps, multiply_adds, output_size


def test_a_convolution_of_two_by_two_uses_four_of_its_sixteen_taps() -> None:
    assert live_taps(axes("conv2d", (2, 2), (2, 2), (4, 4))) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_transposed_convolution_of_one_by_one_uses_the_same_four() -> None:
    assert live_taps(axes("conv2d_transpose", (1, 1), (2, 2), (4, 4))) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_larger_inputs_use_all_taps() -> None:
    assert live_taps(axes("conv2d", (4, 4), (2, 2), (4, 4))) is None


@pytest.mark.parametrize(
    ("op", "source", "expected"),
    [("conv2d", (5, 4), (3, 2)), ("conv2d_transpose", (5, 4), (10, 8))],
)
def test_output_sizes(op: str, source: tuple[int, int], expected: tuple[int, int]) -> None:
    assert output_size(op, source, (2, 2)) == expected


def test_work_with_and_without_padding() -> None:
    assert multiply_adds(axes("conv2d", (2, 2), (2, 2), (4, 4)), channels=10) == (160, 40)


def test_padding_goes_to_the_end_where_it_is_odd() -> None:
    assert Axis(size=5, taps=4, stride=2).before == 1
    assert Axis(size=4, taps=3, stride=2).before == 0
