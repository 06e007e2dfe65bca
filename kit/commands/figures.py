"""The tables of ``kit evaluate``."""

from importlib import import_module
from typing import Any

import click

from kit.commands.output import print_table


def heading(dataset: dict[str, Any]) -> str:
    """What was measured on, and how to read the figures."""
    count = dataset["photographs"]
    if count == 1:
        said = "1 test photograph, which proves nothing: no standard error can be had; take more"
    else:
        said = f"{count} test photographs; mean ± standard error"
    return f"{dataset['dataset']}: {said}; L1 on the scale [-1, 1]"


def print_tables(dataset: dict[str, Any]) -> None:
    """Figures, comparisons with the baselines, and notes."""
    _print_figures(dataset)
    click.echo("")
    _print_comparisons(dataset)
    _print_notes(dataset)


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
