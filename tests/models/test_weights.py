from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from kit.models.errors import BundleError
from kit.models.manifest import Precision
from kit.models.weights import Kernel, ShardWriter, decode, encode, quantised

CENTRE = [(1, 1), (1, 2), (2, 1), (2, 2)]


def random_values(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(3).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("axis", [2, 3])
def test_eight_bits_round_to_half_a_step_of_their_channel(axis: int) -> None:
    values = random_values(4, 4, 6, 5) * np.logspace(-3, 2, 6, dtype=np.float32)[:, None]
    stored, scale = quantised(Kernel(values, axis))
    steps = scale.reshape([-1 if a == axis else 1 for a in range(4)])
    assert (np.abs(stored * steps - values) <= steps * 0.5001).all()


def test_a_channel_of_zeros_has_a_scale_that_divides() -> None:
    _, scale = quantised(Kernel(np.zeros((4, 4, 2, 3), np.float32), 3))
    assert scale.tolist() == [1, 1, 1]


@pytest.mark.parametrize("precision", ["float16", "float32"])
def test_floats_come_back(precision: Precision) -> None:
    values = random_values(4, 4, 3, 5)
    tensors, shards = encode({"k": Kernel(values, 3)}, {"b": values[0, 0, 0]}, precision)
    again = decode(tensors, shards.__getitem__)
    assert again["k"] == pytest.approx(values, abs=2e-3 if precision == "float16" else 0)
    assert (again["b"] == values[0, 0, 0]).all()


@pytest.mark.parametrize("axis", [2, 3])
def test_taps_that_were_left_out_are_zero_and_the_others_come_back(axis: int) -> None:
    values = random_values(4, 4, 3, 5)
    tensors, shards = encode({"k": Kernel(values, axis, CENTRE)}, {}, "int8")
    again = decode(tensors, shards.__getitem__)["k"]
    assert tensors[1].stored_bytes == 4 * 3 * 5
    assert again[1:3, 1:3] == pytest.approx(values[1:3, 1:3], abs=0.02)
    assert np.count_nonzero(again) <= 4 * 3 * 5


def test_a_tensor_goes_on_in_the_next_shard() -> None:
    writer = ShardWriter(limit=64)
    writer.add(bytes(5))
    parts = writer.add(bytes(range(100)))
    assert [(p.shard, p.offset, p.bytes) for p in parts] == [(0, 16, 48), (1, 0, 52)]
    assert all(len(shard) <= 64 for shard in writer.shards)


def test_a_shard_that_is_cut_short_is_noticed() -> None:
    tensors, shards = encode({"k": Kernel(random_values(4, 4, 3, 5), 3)}, {}, "float16")
    with pytest.raises(BundleError, match="tensor k needs 480 bytes"):
        decode(tensors, lambda index: shards[index][:100])
