"""Value ranges: known where the operators say so, asked for elsewhere."""

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.incoming.facts import parse_range, parse_size
from kit.models.incoming.ranges import guessed_output_range, known_input_range, known_output_range
from kit.models.manifest import Activation, Affine, Binary, Clip, Constant, Convolution, Node, Plain
from kit.models.network import Network

SHAPE = (4, 4, 3)


def painted(activation: Activation, after: tuple[Node, ...] = (), before: tuple[Node, ...] = ()) -> Network:
    """A convolution with an activation, and what stands before and behind it."""
    paint = Convolution(
        name="paint",
        op="conv2d",
        inputs=(before[-1].name if before else "input",),
        kernel="kernel",
        bias=None,
        strides=(1, 1),
        padding="same",
        activation=activation,
        shape=SHAPE,
    )
    last = after[-1].name if after else "paint"
    tensors = {
        "kernel": np.ones((1, 1, 3, 3), np.float32),
        "scale": np.full(3, 127.5, np.float32),
        "shift": np.full(3, 127.5, np.float32),
        "small": np.full((1, 1, 3), 1 / 255, np.float32),
    }
    return Network("input", SHAPE, last, (*before, paint, *after), tensors)


TANH = Plain(type="tanh")
STRETCH = Affine(name="stretch", op="affine", inputs=("paint",), scale="scale", shift="shift", shape=SHAPE)
CONSTANT = Constant(name="c", op="constant", inputs=(), value="small", shape=(1, 1, 3))
RESCALED = (CONSTANT, Binary(name="rescale", op="mul", inputs=("input", "c"), shape=SHAPE))


@pytest.mark.parametrize(
    ("network", "known"),
    [
        (painted(TANH), (-1, 1)),
        (painted(Plain(type="sigmoid")), (0, 1)),
        (painted(Clip(type="clip", low=0, high=255)), (0, 255)),
        (painted(TANH, after=(STRETCH,)), (0, 255)),
        (painted(Plain(type="linear")), None),
        (painted(Plain(type="relu")), None),
        (painted(Clip(type="clip", low=-1e30, high=1e30)), None),
    ],
)
def test_the_outputs_range_follows_from_the_last_activation(
    network: Network, known: tuple[float, float] | None
) -> None:
    assert known_output_range(network) == known


def test_a_rescaling_at_the_start_says_what_goes_in() -> None:
    assert known_input_range(painted(TANH, before=RESCALED)) == (0, 255)
    assert known_input_range(painted(TANH)) is None


def test_the_guess_holds_what_was_seen() -> None:
    assert guessed_output_range((-0.9, 0.8)) == (-1, 1)
    assert guessed_output_range((0.0, 0.97)) == (0, 1)
    assert guessed_output_range((2.0, 251.0)) == (0, 255)


@pytest.mark.parametrize(
    ("text", "ends"),
    [("-1,1", (-1, 1)), ("0..255", (0, 255)), ("−1 to 1", (-1, 1)), ("-.5, .5", (-0.5, 0.5))],
)
def test_ranges_are_read_as_people_write_them(text: str, ends: tuple[float, float]) -> None:
    assert parse_range(text, "--input-range") == ends


@pytest.mark.parametrize("text", ["", "1", "1,0", "0,1,2", "low,high", "nan,1", "0,1e9", "1,1"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(BundleError, match="--input-range: "):
        parse_range(text, "--input-range")


@pytest.mark.parametrize("text", ["", "256", "0x9", "9999x9999", "256x256x3", "-1x4"])
def test_what_is_no_size_is_refused(text: str) -> None:
    assert parse_size("256 × 320") == (256, 320)
    with pytest.raises(BundleError, match="size: write height and width"):
        parse_size(text)
