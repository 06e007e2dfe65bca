"""SavedModels: operators are looked up before anything is loaded; what is allowed paints as it did."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.incoming import read_network
from kit.models.reference import run_network
from kit.train.foreign.saved_model import check_operators

tf = pytest.importorskip("tensorflow")
pytestmark = pytest.mark.train


@pytest.fixture
def saved() -> Any:
    """A SavedModel message with one graph for serving."""
    from tensorflow.core.protobuf import saved_model_pb2

    message = saved_model_pb2.SavedModel()
    message.meta_graphs.add().meta_info_def.tags.append("serve")
    return message


def refusal(message: Any) -> str:
    with pytest.raises(BundleError) as caught:
        check_operators(message.SerializeToString())
    return str(caught.value)


@pytest.mark.parametrize(
    "op", ["PyFunc", "EagerPyFunc", "ReadFile", "WriteFile", "HashTableV2", "DecodeJpeg", "Made Up"]
)
def test_operators_that_are_not_listed_are_refused(saved: Any, op: str) -> None:
    saved.meta_graphs[0].graph_def.node.add(name="n", op=op)
    assert f"node n: the operator {op} is not allowed" in refusal(saved)


def test_operators_in_functions_are_looked_up_too(saved: Any) -> None:
    function = saved.meta_graphs[0].graph_def.library.function.add()
    function.signature.name = "__inference_call"
    function.node_def.add(name="inside", op="ReadFile")
    assert "node inside: the operator ReadFile" in refusal(saved)


def test_no_function_may_be_called_as_an_operator_is(saved: Any) -> None:
    saved.meta_graphs[0].graph_def.library.function.add().signature.name = "ReadFile"
    saved.meta_graphs[0].graph_def.node.add(name="n", op="ReadFile")
    assert "a function is called ReadFile, as an operator is" in refusal(saved)


def test_files_and_tables_of_its_own_are_refused(saved: Any) -> None:
    saved.meta_graphs[0].object_graph_def.nodes.add().asset.asset_file_def_index = 0
    assert "object 0 is a file or a table" in refusal(saved)


def test_a_damaged_file_is_one_sentence() -> None:
    with pytest.raises(BundleError, match="damaged"):
        check_operators(b"\xff" * 50)


@pytest.mark.slow
def test_what_is_allowed_paints_as_it_did(tmp_path: Path) -> None:
    keras = pytest.importorskip("keras")
    picture = keras.Input((16, 16, 3))
    hidden = keras.layers.BatchNormalization()(keras.layers.Conv2D(4, 3, padding="same")(picture))
    model = keras.Model(picture, keras.layers.Conv2D(3, 3, padding="same", activation="tanh")(hidden))
    model.export(tmp_path / "saved", verbose=False)
    network, kind = read_network(tmp_path / "saved")
    value = np.random.default_rng(0).uniform(-1, 1, (16, 16, 3)).astype(np.float32)
    assert kind == "saved_model"
    assert np.abs(run_network(network, value) - model.predict(value[None], verbose=0)[0]).max() < 1e-5
