"""What folds.json says that TensorFlow makes of constants, it makes."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="the train extra is not installed")

from kit.models.reading.graph_def import DTYPES, plain_attributes  # noqa: E402
from tests.models.reading.folds import Case, cases  # noqa: E402

pytestmark = pytest.mark.train


def attributes_of(case: Case) -> dict[str, Any]:
    """The attributes as TensorFlow's raw operators are called with them."""
    given = plain_attributes(case.attributes, case.op)
    if "squeeze_dims" in given:
        given["axis"] = list(given.pop("squeeze_dims"))
    if "shape" in given:
        given["shape"] = tf.TensorShape([None if extent < 0 else extent for extent in given["shape"]])
    if "DstT" in given:
        given["DstT"] = DTYPES[given["DstT"]]
    return given


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.called)
def test_it_is_what_tensorflow_makes(case: Case) -> None:
    raw = getattr(tf.raw_ops, case.op)
    inputs: list[Any] = [tf.constant(each) for each in case.inputs]
    if case.op in {"ConcatV2", "Pack"}:
        behind = 1 if case.op == "ConcatV2" else 0
        inputs = [inputs[: len(inputs) - behind], *inputs[len(inputs) - behind :]]
    named = dict(zip(inspect.signature(raw).parameters, inputs, strict=False))
    made = np.asarray(raw(**named, **attributes_of(case)))
    assert made.shape == case.output.shape
    assert np.allclose(made, case.output, rtol=1e-6)
