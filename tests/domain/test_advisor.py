"""What is shipped to which hardware: only what is proven there, or on the next wider group that does not contradict."""

import json
import random
from dataclasses import dataclass, field

import numpy as np
import pytest
from scipy.special import bdtrc

from kit.domain.stats.advisor import Evidence, Product, Rule, Where, advise
from kit.domain.stats.advisor_json import as_json, look_up, why
from kit.domain.stats.advisor_rows import evidence_of
from kit.domain.stats.group import Counts, Group, figures, share
from kit.domain.stats.intervals import wilson
from kit.domain.stats.tally import Tally

SIZES = {"tiny": 1, "small": 10, "large": 100}
DEFAULT = Where("exact", "default", "")
CLASS = Where("exact", "class", "discrete")
FAMILY = Where("exact", "family", "Turing", "", "discrete")
GPU = Where("exact", "gpu", "RTX 2060", "Turing", "discrete")


def seen(
    yes: int,
    no: int = 0,
    unknown: int = 0,
    *,
    where: Where = GPU,
    model: str = "small",
    mode: str = "direct-webgl",
    threads: int = 0,
    fps: float | None = None,
) -> Evidence:
    started = yes + no + unknown
    reach = share(yes, no, unknown) if started >= 6 else None
    return Evidence(
        where, Product(model, "1.0.0", model, mode, threads, "float32"), SIZES[model], started, reach, fps
    )


def rule(*evidence: Evidence, of: Where = GPU, **options) -> Rule:
    rules = advise(evidence, target_fps=30, **options).rules
    return next(found for found in rules if (found.where.place, found.where.name) == (of.place, of.name))


def shipped(*evidence: Evidence, **options) -> str | None:
    found = rule(*evidence, **options)
    return f"{found.ship.product.model} {found.ship.product.mode}" if found.ship else None


def test_the_largest_proven_model_is_shipped():
    assert shipped(seen(40, model="tiny"), seen(38, 2), seen(30, 10, model="large")) == "small direct-webgl"


def test_the_lower_end_decides_and_not_the_share():
    assert shipped(seen(15)) is None  # 15 of 15: 80 to 100 %, just below 80 %
    assert shipped(seen(16)) == "small direct-webgl"
    assert shipped(seen(15), bar=0.7) == "small direct-webgl"


def test_unknown_machines_count_as_not_reaching_until_they_are_known():
    assert shipped(seen(40, 0, 2)) == "small direct-webgl"
    assert shipped(seen(40, 0, 12)) is None


def test_the_researchers_own_order_goes_before_size():
    both = (seen(40, model="tiny"), seen(40, model="large"))
    assert shipped(*both) == "large direct-webgl"
    assert shipped(*both, order=["tiny"]) == "tiny direct-webgl"


def test_of_one_model_the_surest_mode_then_the_quicker_one_then_the_name():
    sure = (seen(40, 2, mode="direct-webgpu", fps=90), seen(42, mode="tfjs-webgl", fps=40))
    assert shipped(*sure) == "small tfjs-webgl"
    quick = (seen(42, mode="direct-webgl", fps=50.0), seen(42, mode="direct-webgpu", fps=90.0))
    assert shipped(*quick) == "small direct-webgpu"
    assert shipped(seen(42, mode="b"), seen(42, mode="a")) == "small a"


def test_too_few_machines_take_the_next_wider_word():
    evidence = (seen(4, model="large"), seen(40, where=FAMILY), seen(90, where=DEFAULT, model="large"))
    found = rule(*evidence)
    assert (found.state, found.by) == ("inherited", FAMILY)
    assert why(found, 30, 0.8) == (
        "Too few: 4 machines with large in direct-webgl; at least 12 more could prove it. "
        "As on Turing: 40 of 40 machines reach 30 FPS (91–100 %)."
    )


def test_what_the_gpu_disproves_is_not_inherited():
    evidence = (
        seen(3, 17, model="large"),
        seen(300, 10, where=FAMILY, model="large"),
        seen(90, where=CLASS, model="tiny"),
    )
    assert shipped(*evidence) == "tiny direct-webgl"
    assert shipped(*evidence, of=FAMILY) == "large direct-webgl"
    assert shipped(*evidence[:2]) is None


def test_what_is_disproved_with_some_threads_is_not_shipped_on_the_word_of_others():
    assert (
        shipped(seen(2, 20, mode="wasm", threads=4), seen(50, mode="wasm", threads=8, where=FAMILY)) is None
    )


def test_open_is_no_contradiction():
    assert rule(seen(30, 8), seen(300, 10, where=FAMILY)).state == "inherited"


def test_the_own_proof_of_a_smaller_model_goes_before_a_wider_one_of_a_larger():
    assert shipped(seen(20, model="tiny"), seen(90, where=FAMILY, model="large")) == "tiny direct-webgl"


@pytest.mark.parametrize(
    ("counts", "state", "sentence"),
    [
        ((4, 0), "too_few", "Too few: 4 machines"),
        ((9, 1), "open", "Open: about 102 more machines"),
        ((2, 30), "disproved", "Nothing measured here reaches it on 80 %"),
        ((20, 0, 12), "open", "were stopped or lost"),
    ],
)
def test_nothing_is_shipped_unproven_and_the_rule_says_why(
    counts: tuple[int, ...], state: str, sentence: str
):
    found = rule(seen(*counts))
    assert (found.state, found.ship) == (state, None)
    assert sentence in why(found, 30, 0.8)
    assert found.best is not None


def test_blurred_and_software_never_speak_for_named_gpus():
    blurred = [Where("blurred", place, name) for place, name in (("family", "Turing"), ("default", ""))]
    evidence = [seen(4), *(seen(90, where=where) for where in blurred)]
    evidence.append(seen(90, where=Where("software", "default", "")))
    assert shipped(*evidence) is None


def test_a_name_that_says_nothing_is_no_group():
    nameless = [
        Where("exact", "gpu", "unknown"),
        Where("exact", "gpu", ""),
        Where("unsent", "class", "discrete"),
    ]
    assert advise([seen(90, where=where) for where in nameless], target_fps=30).rules == ()


def test_contradictions_are_resolved_cautiously_or_refused():
    other = Where("exact", "gpu", "RTX 2060", "Ampere", "discrete")
    assert shipped(seen(90), seen(2, 30, where=other)) is None
    assert shipped(seen(4), seen(5, where=other), seen(90, where=FAMILY)) is None  # which family?
    with pytest.raises(ValueError, match="pool its browsers"):
        advise([seen(90), seen(80)], target_fps=30)
    with pytest.raises(ValueError, match="between 0 and 1"):
        advise([seen(90)], target_fps=30, bar=80)
    with pytest.raises(ValueError, match="no group"):
        advise([seen(90, where=Where("exact", "vendor", "Intel"))], target_fps=30)


def test_the_file_is_the_same_for_any_order_and_survives_json():
    evidence = [
        seen(yes, no, where=where, model=model)
        for (yes, no), where in zip([(9, 1), (40, 0), (5, 30)], [GPU, FAMILY, DEFAULT], strict=True)
        for model in SIZES
    ]
    document = as_json(advise(evidence, target_fps=30))
    for seed in range(5):
        random.Random(seed).shuffle(evidence)
        assert as_json(advise(evidence, target_fps=30)) == document
    assert json.loads(json.dumps(document)) == document
    assert (document["schema"], document["lookup"]) == (1, ["gpu", "family", "class", "default"])


def test_an_application_takes_the_first_rule_that_fits():
    evidence = [seen(40), seen(40, where=FAMILY, model="tiny"), seen(40, where=DEFAULT, model="large")]
    document = json.loads(json.dumps(as_json(advise(evidence, target_fps=30))))
    places = {"gpu": "RTX 2060", "family": "Turing", "class_": "discrete"}
    assert look_up(document, section="exact", **places)["ship"]["model"] == "small"
    assert look_up(document, section="exact", **places | {"gpu": "GTX 1650"})["ship"]["model"] == "tiny"
    assert look_up(document, section="exact", gpu="Something else")["ship"]["model"] == "large"
    assert look_up(document, section="software") is None
    with pytest.raises(ValueError, match="schema 1"):
        look_up({"schema": 2}, section="exact")


def test_what_lies_on_the_bar_is_shipped_wrongly_as_seldom_as_the_level_says():
    """A share of exactly the bar must not be called proven in more than some 2.5 % of studies, computed exactly."""
    wrong = []
    for machines in range(16, 301):
        proving = next(k for k in range(machines + 1) if wilson(k, machines).low >= 0.8)
        wrong.append(float(bdtrc(proving - 1, machines, 0.8)))
    assert np.mean(wrong) < 0.025
    assert max(wrong) < 0.03


@dataclass(frozen=True)
class Hardware:
    family: str
    class_: str


@dataclass(frozen=True)
class Condition:
    bundle: str = "small"
    version: str = "1.0.0"
    sha256: str = "small"
    asked: str = "direct-webgl"
    threads: int = 0
    precision: str = "float32"
    browser: str = "Chrome"


@dataclass(frozen=True)
class Row:
    place: str
    figures: Group
    tallies: dict[str, Tally]
    hardware: Hardware | None = Hardware("Turing", "discrete")
    condition: Condition = field(default_factory=Condition)
    section: str = "exact"


def row(place: str, reaching: int, started: int, browser: str = "Chrome", **condition) -> Row:
    counts = Counts(started, started, 0, 0, {30: reaching}, {30: 0})
    ms = Tally.from_values([20.0] * reaching)
    made = figures(counts, ms, Tally(), [30])
    return Row(place, made, {"capability_ms": ms}, condition=Condition(browser=browser, **condition))


def test_rows_are_pooled_over_browsers_and_classes():
    rows = {
        "gpu": [row("RTX 2060", 5, 5), row("RTX 2060", 12, 14, "Firefox")],
        "family": [row("Turing", 17, 19)],
        "class": [row("discrete", 17, 19), row("integrated", 1, 30)],
    }
    found = {one.where: one for one in evidence_of(rows, target_fps=30, sizes={"small": 7})}
    assert (found[GPU].started, found[GPU].reach.yes, found[GPU].fps) == (19, 17, 50.0)
    assert found[FAMILY].where.class_ == "discrete"
    assert (found[DEFAULT].reach.yes, found[DEFAULT].started) == (18, 49)
    assert {one.multiply_adds for one in found.values()} == {7}
    with pytest.raises(ValueError, match="48 FPS was not counted"):
        evidence_of(rows, target_fps=48, sizes={})


def test_what_failed_before_it_had_a_precision_counts_against_the_mode():
    crashed = row("discrete", 0, 9, precision="unknown")
    half = row("discrete", 20, 20, precision="float16")
    for_all = evidence_of({"class": [row("discrete", 20, 20), crashed, half]}, target_fps=30, sizes={})
    one = next(one for one in for_all if one.where.place == "class")
    assert (one.reach.yes, one.started, one.product.precision) == (40, 49, "")
    alone = evidence_of({"class": [row("discrete", 20, 20), crashed]}, target_fps=30, sizes={})
    assert {(one.started, one.product.precision) for one in alone} == {(29, "float32")}
