"""The worked notebook that goes with an export: it makes the dashboard's overview again from the files alone.

It is written here as cells, so that it needs no other program to be made, and a test runs its code against an export and
compares every figure with the server's. It uses NumPy, SciPy and, for Parquet, pyarrow; nothing of the kit, because its
point is to check the kit. So the definitions below stand there a second time on purpose.
"""

import json
from typing import Any

from kit.domain.stats.intervals import RARE

TITLE = """# The overview, made again from the exported files

This notebook reads the files beside it and computes what the dashboard's overview shows: for each model and mode the
share of machines that reach 24, 30 and 60 frames a second with its interval, the median machine with its interval, and
pairs of modes on the same machines. It needs NumPy and SciPy, and pyarrow where the files are Parquet
(`pip install "fieldkit[analysis]"`). `codebook.csv` says what every column means.

The unit is the machine, never the frame or the run, so that one eager tester does not outweigh ten."""

READ = """import csv, hashlib, json
from collections import defaultdict
from math import exp, fsum, log
from pathlib import Path

import numpy as np
from scipy.special import bdtr, gammaincinv, ndtri, stdtrit

FOLDER = Path(globals().get("FOLDER", "."))  # where the exported files lie
manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
for file in manifest["files"]:  # what follows is worth nothing if a file was changed or cut off
    digest = hashlib.sha256()
    with (FOLDER / file["name"]).open("rb") as opened:
        while chunk := opened.read(1 << 20):
            digest.update(chunk)
    assert digest.hexdigest() == file["sha256"], f"{file['name']} is not the file that was exported"
print(f"{len(manifest['files'])} files as exported at {manifest['made_at']} by version {manifest['kit_version']}")"""

LOAD = '''TYPES = {}
for table in json.loads((FOLDER / "codebook.json").read_text(encoding="utf-8"))["tables"]:
    TYPES[table["name"]] = {column["name"]: column["type"] for column in table["columns"]}


def from_text(text, kind):
    """A cell of a CSV file as a value."""
    if text == "":
        return None
    if kind.startswith("whole"):
        return int(text)
    if kind.startswith("number"):
        return float(text)
    return text == "true" if kind.startswith("true") else text


def load(name):
    """The rows of a table, one after the other, from whichever format was exported."""
    if manifest["format"] == "parquet":
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(FOLDER / f"{name}.parquet").iter_batches():
            yield from batch.to_pylist()
        return
    with (FOLDER / f"{name}.{manifest['format']}").open(encoding="utf-8", newline="") as lines:
        if manifest["format"] == "jsonl":
            yield from map(json.loads, lines)
        else:
            for row in csv.DictReader(lines):
                yield {column: from_text(text, TYPES[name][column]) for column, text in row.items()}'''

STATISTICS_TEXT = """## The statistics

* **Median of machines**: the interval goes from the k-th smallest to the k-th largest machine, with the largest k that
  keeps at least 95 % for any distribution (Conover, *Practical Nonparametric Statistics*, section 3.2). It needs 6 machines.
* **Shares**: Wilson's score interval (1927); next to 0 and 1, where it ends too early, the outer end comes from the Poisson
  distribution (Brown, Cai and DasGupta 2001, section 4.1.1). The denominator is every machine that *started* the condition:
  failed, wrong, too slow and unavailable do not reach; stopped and lost are unknown, and give a lowest and a highest share.
* **Pairs**: the ratio of milliseconds a frame on the same machine; geometric mean and Student's t on logarithms, from 5
  machines on."""

STATISTICS = '''LEVEL, FLOOR, PAIRED_FLOOR, RARE, TARGETS = 0.95, 6, 5, @RARE@, (24, 30, 60)


def weighted_median(values, weights):
    """Median of the values, each repeated as often as its weight says."""
    order = np.argsort(np.asarray(values, dtype=float), kind="stable")
    ordered, upto = np.asarray(values, dtype=float)[order], np.cumsum(np.asarray(weights)[order])
    middle = [ordered[np.searchsorted(upto, place, side="right")] for place in ((upto[-1] - 1) // 2, upto[-1] // 2)]
    return float((middle[0] + middle[1]) / 2)


def median_interval(values):
    """Both ends of the median's interval; nothing below the floor."""
    count = len(values)
    if count < FLOOR:
        return None
    rank = int(np.count_nonzero(bdtr(np.arange(count), count, 0.5) <= (1 - LEVEL) / 2))
    ordered = np.sort(values)
    return float(ordered[rank - 1]), float(ordered[count - rank])


def rare_end(successes, trials):
    """How low a share may be of which so few succeeded."""
    if 1 <= successes <= min(RARE, trials // 2):
        return float(gammaincinv(successes, 1 - LEVEL) / trials)
    return 1.0


def share_interval(successes, trials):
    """Both ends of a share's interval."""
    share, z = successes / trials, float(ndtri((1 + LEVEL) / 2))
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    low = min(middle - half, rare_end(successes, trials))
    high = max(middle + half, 1 - rare_end(trials - successes, trials))
    return (0.0 if successes == 0 else float(low)), (1.0 if successes == trials else float(high))


def paired(points):
    """Second / first over machines: geometric mean and its interval."""
    logs = np.log(np.array([second for _, second in points]) / np.array([first for first, _ in points]))
    mean, interval = float(logs.mean()), None
    if len(points) >= PAIRED_FLOOR:
        half = stdtrit(len(points) - 1, (1 + LEVEL) / 2) * logs.std(ddof=1) / np.sqrt(len(points))
        interval = (float(np.exp(mean - half)), float(np.exp(mean + half)))
    return float(np.exp(mean)), interval'''

OVERVIEW_TEXT = """## The overview

A machine's own value is the median of its valid runs in a condition. Rejected visits and invalid runs are not in it;
`machine_conditions` has the counts of both kinds, and `runs` every single run. Simulated testers are kept apart."""

OVERVIEW = '''SIMULATED = manifest["filters"].get("simulated") == "1"
CONDITION = ("model", "version", "model_sha256", "mode", "wishes", "threads", "precision")
REFUSED = ("wrong_output_runs", "unavailable_runs", "failed_runs", "too_slow_runs")

machines = defaultdict(lambda: defaultdict(list))  # condition -> machine -> its rows (links and browsers)
for row in load("machine_conditions"):
    if row["simulated"] == SIMULATED:
        machines[tuple(row[name] or (0 if name == "threads" else "") for name in CONDITION)][row["machine"]].append(row)


def own_value(rows, figure):
    """A machine's own value: the median of its rows, each counting as often as it has valid runs."""
    known = [(row[figure], max(1, row["valid_runs"])) for row in rows if row[figure] is not None]
    return weighted_median(*zip(*known)) if known else None


def reaches(ms, rows, target):
    """yes, no or unknown: whether a machine makes so many frames a second."""
    if ms is not None:
        return "yes" if ms <= 1000 / target else "no"
    return "no" if any(row[name] for row in rows for name in REFUSED) else "unknown"


overview = []
for condition, of_machines in machines.items():
    values = {machine: own_value(rows, "capability_ms") for machine, rows in of_machines.items()}
    fps = np.array(sorted(1000 / ms for ms in values.values() if ms))
    line = dict(zip(CONDITION, condition)) | {"machines_started": len(values), "machines_measured": len(fps)}
    line["median_fps"] = float(np.quantile(fps, 0.5)) if len(fps) >= FLOOR else None
    line["median_interval"] = median_interval(fps)
    line["reach"] = {}
    for target in TARGETS if len(values) >= FLOOR else ():
        answers = [reaches(values[machine], of_machines[machine], target) for machine in values]
        yes, no, unknown = (answers.count(word) for word in ("yes", "no", "unknown"))
        low, high = share_interval(yes, len(answers))[0], share_interval(yes + unknown, len(answers))[1]
        line["reach"][target] = {"yes": yes, "no": no, "unknown": unknown, "interval": (low, high)}
    overview.append(line)

overview.sort(key=lambda line: (-line["machines_started"], line["model"], line["mode"]))
for line in overview:
    print(f"{line['model']} {line['version']} {line['mode']}: {line['machines_started']} machines", end="")
    if line["median_fps"]:
        low, high = line["median_interval"] or (float("nan"), float("nan"))
        print(f", median {line['median_fps']:.1f} FPS ({low:.1f} to {high:.1f})", end="")
    for target, share in line["reach"].items():
        low, high = share["interval"]
        print(f", {target}: {share['yes']}/{line['machines_started']} ({low:.0%} to {high:.0%})", end="")
    print()'''

PAIRS_TEXT = """## Pairs of modes on the same machines

Machines differ more than modes do, so two modes are compared where both were measured on one machine, in the same browser on
the same GPU. Below 1 the second is quicker."""

PAIRS = '''UNIT = ("machine", "browser", "os", "gpu_vendor", "gpu_model", "gpu_family", "gpu_class", "gpu_blurred")


def units(condition):
    """Milliseconds a frame of a condition, by machine, browser and GPU."""
    found = defaultdict(list)
    for rows in machines[condition].values():
        for row in rows:
            found[tuple(row[name] for name in UNIT)].append(row)
    return {unit: own_value(rows, "capability_ms") for unit, rows in found.items()}


def geometric_mean(values):
    return values[0] if len(values) == 1 else exp(fsum(map(log, values)) / len(values))


pairs = []
for first in sorted(machines):
    for second in sorted(machines):
        if first[:3] != second[:3] or first == second:
            continue
        one, other = units(first), units(second)
        by_machine = defaultdict(list)
        for unit in one.keys() & other.keys():
            if one[unit] and other[unit]:
                by_machine[unit[0]].append((one[unit], other[unit]))
        points = [
            (geometric_mean([a for a, _ in own]), geometric_mean([b for _, b in own]))
            for _, own in sorted(by_machine.items())
        ]
        if points:
            ratio, interval = paired(points)
            pairs.append({"first": first, "second": second, "machines": len(points), "ratio": ratio, "interval": interval})

for pair in pairs:
    if pair["interval"]:
        low, high = pair["interval"]
        print(f"{pair['first'][0]}: {pair['second'][3]} / {pair['first'][3]} = ", end="")
        print(f"{pair['ratio']:.3f} ({low:.3f} to {high:.3f}) on {pair['machines']} machines")'''

RAW_TEXT = """## Down to the samples

Every figure above goes back to samples. Here the runs' own figures are made again from them: the median over frames, where a
sample of k frames counts k times, and frames over elapsed time."""

RAW = '''windows = {(row["run"], row["phase"]): row for row in load("windows")}
expected = {row["run"]: row for row in load("runs") if row["outcome"] == "ok"}
checked, wrong = 0, []


def check(run, phase, samples):
    """Compare a run's stored figures with those of its samples."""
    global checked
    row, elapsed_ms = expected.get(run), windows[run, phase]["elapsed_us"] / 1000
    if row is None or phase == "warmup" or elapsed_ms <= 0:
        return
    k, ms = np.array([pair[0] for pair in samples]), np.array([pair[1] for pair in samples]) / 1000
    figures = {"displayed_fps": k.sum() / elapsed_ms * 1000}
    if phase == "capability":
        figures = {"capability_fps": k.sum() / elapsed_ms * 1000, "capability_ms_median": weighted_median(ms / k, k)}
    checked += len(figures)
    wrong.extend((run, name) for name, value in figures.items() if not np.isclose(value, row[name], rtol=1e-9))


current, samples = None, []
for row in load("samples"):  # one window after the other, in order
    if (row["run"], row["phase"]) != current:
        if current:
            check(*current, samples)
        current, samples = (row["run"], row["phase"]), []
    samples.append((row["k"], row["us"]))
if current:
    check(*current, samples)
print(f"{checked} figures of runs made again from their samples, {len(wrong)} differ")
assert not wrong, wrong[:5]'''


def notebook_cells() -> list[tuple[str, str]]:
    """(markdown or code, text), in order."""
    return [
        ("markdown", TITLE),
        ("code", READ),
        ("code", LOAD),
        ("markdown", STATISTICS_TEXT),
        ("code", STATISTICS.replace("@RARE@", str(RARE))),
        ("markdown", OVERVIEW_TEXT),
        ("code", OVERVIEW),
        ("markdown", PAIRS_TEXT),
        ("code", PAIRS),
        ("markdown", RAW_TEXT),
        ("code", RAW),
    ]


def notebook_json() -> str:
    """The notebook in Jupyter's format, version 4.5."""
    cells: list[dict[str, Any]] = [
        {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for number, (kind, text) in enumerate(notebook_cells(), 1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
