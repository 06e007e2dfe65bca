"""``kit evaluate``: how good networks are on photographs that they never learned from."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from kit.commands.group import example
from kit.commands.meter import Meter
from kit.commands.output import json_option, print_json, print_table
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
        click.echo("\n" * (index > 0) + _heading(dataset))
        _print_figures(dataset)
        click.echo("")
        _print_comparisons(dataset)
        _print_notes(dataset)
    if sheet is not None:
        click.echo(f"\nsheets are in {sheet}; those with targets show the photographs, mind their licences")


def _meter(name: str) -> Callable[[int, int], None]:
    click.echo(name, err=True)
    return Meter("photographs")


def _load_keras() -> None:
    if import_module("kit.train.painting").keras_is_there():
        import_quietly("kit.train.loop")


def _subject(evaluation: Any, model: str) -> Any:
    if (Path(model) / MANIFEST).is_file():
        return evaluation.bundle_subject(bundle_info(Path(model).resolve()))
    if (Path(model) / CHECKPOINT).is_file():
        if find_spec("tensorflow") is None and find_spec("torch") is None:
            raise CallerError(NEEDS_KERAS)
        _load_keras()
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


def _heading(dataset: dict[str, Any]) -> str:
    return (
        f"{dataset['dataset']}: {dataset['photographs']} test photographs; mean ± standard error; "
        "L1 on the scale [-1, 1]"
    )


def _print_figures(dataset: dict[str, Any]) -> None:
    columns = ("", "version", "stored as", "MB", "L1", "PSNR dB", "SSIM", "dB to fp32", "SSIM to fp32")
    rows: list[tuple[object, ...]] = [
        (name, None, None, None, *_measures(figures), None, None)
        for name, figures in dataset["baselines"].items()
    ]
    for row in dataset["models"]:
        length = row["bytes"]
        rows.append(
            (
                _name(row),
                row["version"],
                _storage(row),
                None if length is None else f"{length / 1e6:.1f}",
                *_measures(row),
                _figure(row.get("psnr_db_vs_fp32"), 1),
                _figure(row.get("ssim_vs_fp32"), 4),
            )
        )
    print_table(columns, rows)


def _print_comparisons(dataset: dict[str, Any]) -> None:
    columns = ("", "stored as", "compared with", "L1 better by", "nearer", "PSNR better by", "SSIM better by")
    rows = [
        (
            _name(row),
            _storage(row),
            name,
            _gain(gains["l1"], 4),
            f"{gains['l1']['better_for']} of {row['photographs']}",
            _gain(gains["psnr_db"], 2),
            _gain(gains["ssim"], 4),
        )
        for row in dataset["models"]
        for name, gains in row["against"].items()
    ]
    print_table(columns, rows)


def _print_notes(dataset: dict[str, Any]) -> None:
    """Where fp32 figures come from that were not measured just now, or why there are none."""
    exact = {row["model"]: row["figures_from"] for row in dataset["models"] if row["stored_as"] == "float32"}
    for row in dataset["models"]:
        origin = exact.get(row["model"], "nowhere")
        if row["version"] is None or row["stored_as"] == "float32" or origin == "measured":
            continue
        known = (
            "as measured when it was published (its manifest)"
            if origin == "manifest"
            else "not in its manifest"
        )
        click.echo(
            f"* {row['model']} {row['version']}, fp32: {known}; name the folder of its training to measure it again"
        )


def _name(row: dict[str, Any]) -> str:
    return row["model"] if row.get("steps") is None else f"{row['model']}, {row['steps']:,} steps"


def _storage(row: dict[str, Any]) -> str:
    spoken: str = import_module("kit.train.evaluation").SPOKEN[row["stored_as"]]
    return spoken + ("*" if row["figures_from"] == "manifest" else "")


def _measures(figures: dict[str, Any]) -> tuple[str, str, str]:
    return tuple(  # type: ignore[return-value]
        _with_error(figures[name]["mean"], figures[name]["standard_error"], digits)
        for name, digits in (("l1", 4), ("psnr_db", 2), ("ssim", 4))
    )


def _figure(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:.{digits}f}"


def _gain(gain: dict[str, Any], digits: int) -> str:
    return _with_error(gain["better_by"], gain["standard_error"], digits, sign="+")


def _with_error(value: float, error: float | None, digits: int, sign: str = "-") -> str:
    """0.32872, 0.00661, 4 -> 0.3287 ± 0.0066."""
    text = f"{value:{sign}.{digits}f}"
    return text if error is None else f"{text} ± {error:.{digits}f}"
