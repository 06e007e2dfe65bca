from __future__ import annotations

import numpy as np

from kit.models.golden import draw_sketch


def test_a_sketch_is_the_same_each_time() -> None:
    assert (draw_sketch(7) == draw_sketch(7)).all()
    assert (draw_sketch(7) != draw_sketch(8)).any()


def test_a_sketch_is_grey_and_uses_the_range() -> None:
    sketch = draw_sketch(7)
    assert sketch.shape == (256, 256, 3)
    assert sketch.dtype == np.uint8
    assert (sketch[..., 0] == sketch[..., 2]).all()
    assert sketch.min() < 60
    assert sketch.max() > 180
