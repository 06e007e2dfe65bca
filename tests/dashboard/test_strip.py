from kit.domain.wire.run import Samples
from kit.views.admin.strip import HEIGHT, MAX_DOTS, make_strip


def window(ms: list[float], k: int = 1) -> Samples:
    return Samples(k=[k] * len(ms), ms=ms, elapsed_ms=sum(ms))


def test_windows_stand_in_their_order_and_as_wide_as_they_are_long():
    strip = make_strip({"displayed": window([10.0] * 300), "warmup": window([10.0] * 100)})
    assert strip is not None
    warmup, displayed = strip.panels
    assert (warmup.phase, displayed.phase) == ("warmup", "displayed")
    assert abs(displayed.width / warmup.width - 3) < 0.01
    assert warmup.left + warmup.width < displayed.left


def test_a_sample_of_several_frames_is_drawn_at_its_time_per_frame():
    strip = make_strip({"capability": window([40.0] * 50, k=4)})
    assert strip is not None
    assert strip.panels[0].median_ms == 10.0


def test_a_spike_stays_visible_when_samples_are_thinned():
    ms = [10.0] * 20_000
    ms[12_345] = 900.0
    strip = make_strip({"capability": window(ms)})
    assert strip is not None
    (panel,) = strip.panels
    assert panel.path.count("M") <= MAX_DOTS
    assert panel.above == 1
    assert f" {strip.top:.1f}h0" in panel.path


def test_nothing_to_draw():
    assert make_strip({}) is None
    assert make_strip({"capability": window([])}) is None


def test_a_constant_run_has_round_ticks_inside_the_drawing():
    strip = make_strip({"capability": window([16.7] * 60)})
    assert strip is not None
    assert next(tick.label for tick in strip.ticks) == "0"
    assert all(0 <= tick.y <= HEIGHT for tick in strip.ticks)
