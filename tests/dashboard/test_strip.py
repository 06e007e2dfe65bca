from kit.domain.wire.run import Samples
from kit.views.admin.strip import HEIGHT, MAX_DOTS, Recorded, make_strip, make_strips


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


def test_strips_side_by_side_have_the_same_scales():
    quick, slow = make_strips(
        [Recorded({"capability": window([5.0] * 100)}), Recorded({"capability": window([20.0] * 100)})]
    )
    assert quick is not None
    assert slow is not None
    assert [tick.label for tick in quick.ticks] == [tick.label for tick in slow.ticks]
    assert abs(slow.panels[0].width / quick.panels[0].width - 4) < 0.01
    assert abs((quick.bottom - quick.panels[0].median_y) * 4 - (slow.bottom - slow.panels[0].median_y)) < 0.3


def test_flags_stand_under_the_window_that_they_concern():
    strip = make_strip({"capability": window([10.0] * 9)}, flags=["drift", "hidden", "vsync_cap"])
    assert strip is not None
    assert strip.panels[0].flags == "drift"
    assert strip.flags == "hidden, vsync cap"  # there is no displayed window to put it under
    assert len(strip.panels[0].drift) == 2


def test_events_stand_on_a_line_as_long_as_the_run_and_leave_labels_out_where_they_would_overlap():
    events = [(8_000.0, "hidden"), (8_001.0, "shown"), (100.0, "resized")]
    strip = make_strip({"capability": window([10.0] * 100)}, events=events)
    assert strip is not None
    assert [mark.label for mark in strip.events] == ["resized", "", ""]  # no room at the right edge
    assert strip.event_seconds == 8.001
    assert all(strip.left <= mark.x <= strip.right for mark in strip.events)


def test_one_run_without_samples_leaves_the_other_its_strip():
    assert [strip is None for strip in make_strips([Recorded({}), Recorded({"warmup": window([1.0])})])] == [
        True,
        False,
    ]
