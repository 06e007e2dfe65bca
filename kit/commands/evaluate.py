"""``kit evaluate``: how good networks are on photographs that they never learned from."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from kit.commands import figures
from kit.commands.group import example
from kit.commands.meter import Meter
from kit.commands.output import json_option, print_json
from kit.commands.quiet import import_quietly
from kit.errors import INSTALL_TENSORFLOW, CallerError
from kit.models.catalog import bundle_info, find_bundle, list_bundles
from kit.models.errors import BundleError
from kit.models.manifest import MANIFEST
from kit.settings import load_settings

CHECKPOINT = "checkpoint.npz"
NEEDS_KERAS = f"a training is measured with TensorFlow, which is not installed; {INSTALL_TENSORFLOW}"


@click.command(
    epilog=example(
        "kit evaluate --data datasets/",
        "kit evaluate flowers-small flowers-tiny --data datasets/flowers --sheet sheets/",
        "kit evaluate training/ --data photographs/ --json",
    )
)
@click.argument("models", nargs=-1)
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A dataset, or a folder that holds one for each name (flowers, clouds).",
)
@click.option(
    "--sheet",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write contact sheets into this folder, one with the photographs and one without.",
)
@json_option
def evaluate(models: tuple[str, ...], data: Path, sheet: Path | None, as_json: bool) -> None:
    """Measure models on test photographs: L1, PSNR and SSIM against two baselines.

    MODELS are names, folders of bundles, or folders that `kit train` wrote (for these fp32 and each storage are
    measured); without any, the newest version of every model. The baselines are the blurred grey that the network is
    given, and the best single map from grey to colour over the training photographs.
    """
    # By name, because nothing in the server's package may import the training code.
    evaluation = import_module("kit.train.evaluation")
    try:
        subjects = [_subject(evaluation, model) for model in models] or _all(evaluation, data)
        _load_keras()
        found = evaluation.evaluate_all(subjects, data, sheets=sheet, meter=_meter)
    except (ValueError, BundleError) as error:
        raise CallerError(str(error)) from error
    if as_json:
        print_json(found)
        return
    for index, dataset in enumerate(found["datasets"]):
        click.echo("\n" * (index > 0) + figures.heading(dataset))
        figures.print_tables(dataset)
    if sheet is not None:
        click.echo(f"\nsheets are in {sheet}; those with targets show the photographs, mind their licences")


def _meter(name: str) -> Callable[[int, int], None]:
    click.echo(name, err=True)
    return Meter("photographs")


def _load_keras() -> bool:
    """Load Keras where it is; networks run by NumPy where it is not."""
    there: bool = import_module("kit.train.painting").keras_is_there()
    if there:
        import_quietly("kit.train.loop")
    return there


def _subject(evaluation: Any, model: str) -> Any:
    if (Path(model) / MANIFEST).is_file():
        return evaluation.bundle_subject(bundle_info(Path(model).resolve()))
    if (Path(model) / CHECKPOINT).is_file():
        if not _load_keras():
            raise CallerError(NEEDS_KERAS)
        return evaluation.training_subject(Path(model))
    return evaluation.bundle_subject(find_bundle(load_settings().model_roots, model))


def _all(evaluation: Any, data: Path) -> list[Any]:
    """The newest version of each model whose dataset is there."""
    newest = {info.name: info for info in list_bundles(load_settings().model_roots, internal=False)}
    wanted, left_out = evaluation.fitting(list(newest.values()), data)
    for name, reason in left_out.items():
        click.echo(f"kit: {name} is left out: it {reason}", err=True)
    if not wanted:
        raise CallerError(f"no model fits {data}; name one to measure it all the same")
    return [evaluation.bundle_subject(info) for info in wanted]
