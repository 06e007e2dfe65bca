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


def writing(message: Any) -> Any:
    """A graph of TensorFlow 1 with an operator that writes a file, and NoOps that wait for it."""
    graph = message.meta_graphs[0]
    graph.graph_def.node.add(name="write", op="SaveV2")
    graph.graph_def.node.add(name="between", op="NoOp", input=["^write"])
    graph.graph_def.node.add(name="start", op="NoOp", input=["^between"])
    graph.graph_def.node.add(name="file", op="Placeholder")
    graph.graph_def.node.add(name="restore", op="RestoreV2", input=["file"])
    return graph


@pytest.mark.parametrize("which", ["saved_model_main_op", "legacy_init_op", "table_initializer"])
def test_what_would_write_a_file_while_it_is_loaded_is_refused(saved: Any, which: str) -> None:
    writing(saved).collection_def[which].node_list.value.append("start")
    assert "node write: the operator SaveV2 would be run while the model is loaded" in refusal(saved)


def test_an_operator_to_start_with_may_be_named_in_a_signature_too(saved: Any) -> None:
    signature = writing(saved).signature_def["__saved_model_init_op"]
    signature.outputs["__saved_model_init_op"].name = "start:0"
    assert "node write: the operator SaveV2 would be run" in refusal(saved)


def test_restoring_writes_nothing(saved: Any) -> None:
    writing(saved).saver_def.restore_op_name = "start"
    assert "node write: the operator SaveV2 would be run" in refusal(saved)


def test_variables_are_restored_from_the_models_own_files(saved: Any) -> None:
    graph = writing(saved)
    graph.saver_def.restore_op_name, graph.saver_def.filename_tensor_name = "restore", "another:0"
    assert "node restore restores variables from a file that the model itself names" in refusal(saved)
    graph.saver_def.filename_tensor_name = "file:0"
    check_operators(saved.SerializeToString())


def test_what_would_start_by_itself_is_not_loaded(saved: Any) -> None:
    graph = saved.meta_graphs[0]
    graph.object_graph_def.nodes.add().saveable_objects["x"].restore_function = 1
    for name in ("saved_model_main_op", "local_variables", "variables"):
        graph.collection_def[name].node_list.value.append("n")
    graph.signature_def["__saved_model_init_op"].method_name = "x"
    _, harmless = check_operators(saved.SerializeToString())
    left = type(saved).FromString(harmless).meta_graphs[0]
    assert list(left.collection_def) == ["variables"]
    assert not left.signature_def
    assert not left.object_graph_def.nodes[0].saveable_objects


@pytest.mark.slow
def test_an_export_of_tensorflow_1_paints_as_it_did(tmp_path: Path) -> None:
    """With variables, local ones too, and an operator to start with."""
    v1 = tf.compat.v1
    value = np.random.default_rng(0).uniform(-1, 1, (16, 16, 3)).astype(np.float32)
    with tf.Graph().as_default(), v1.Session() as session:
        picture = v1.placeholder(tf.float32, [1, 16, 16, 3])
        v1.get_variable("steps", [], collections=["local_variables"])
        painted = tf.tanh(tf.nn.conv2d(picture, v1.get_variable("kernel", [3, 3, 3, 3]), 1, "SAME"))
        session.run(v1.global_variables_initializer())
        signature = v1.saved_model.predict_signature_def({"picture": picture}, {"painted": painted})
        builder = v1.saved_model.Builder(str(tmp_path / "saved"))
        main = v1.saved_model.main_op.main_op()
        builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature}, main_op=main)
        builder.save()
        expected = session.run(painted, {picture: value[None]})[0]
    network, _ = read_network(tmp_path / "saved")
    assert np.abs(run_network(network, value) - expected).max() < 1e-5


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
