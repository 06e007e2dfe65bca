"""The networks that are trained, by name, with every setting that training reads."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Preset:
    """Settings of one training. What is resolved is written beside the weights."""

    name: str
    title: str
    description: str
    dataset: str
    filters: int
    discriminator_filters: int
    # Where a training ends that is given no other limit; the presets stop where their test curves are flat.
    steps: int = 10_000
    batch: int = 4
    seed: int = 102
    # Products in bfloat16, sums and weights in float32: where the processor multiplies such numbers in hardware
    # (AMX, or a GPU's tensor cores), a step of the full network takes about half the time.
    precision: str = "mixed_bfloat16"
    # The optimiser: Adam; the rate is held, then falls to zero in a straight line at the end of the time.
    learning_rate: float = 2e-4
    beta_1: float = 0.5
    hold_rate: float = 0.5  # share of the training during which the rate is held
    # Beside 1 for the adversarial part. Clouds have more: with 100 it asks of these small networks a texture
    # at their edges that they cannot draw, and they answer with dark scallops.
    l1_weight: float = 100.0
    # From this share on L1 weighs more. The adversarial part brings colours first; later it asks for textures that a short
    # training never learns to draw, and the generators answer with a lattice of specks, which L1 takes away again.
    late_from: float = 0.35
    late_l1_weight: float = 300.0
    # The discriminator learns at this share of the generator's rate, and photographs count as 0.9 real: at the full
    # rate it soon tells all pictures apart, and the generators answer with specks in a grid.
    discriminator_rate: float = 0.25
    real_target: float = 0.9
    # From this share on there is no dropout, as there is none in the browser: while it lasts, one small pattern grows in
    # every cell of the coarse levels, unseen by the discriminator; the longer it lasts, the more of it stays for good.
    drop_until: float = 0.1
    # From this share on, batch norm works with its moving averages, as it will in the browser. Until then the
    # discriminator sees pictures made with each batch's own statistics, so what the moving averages do at the deep levels
    # (blobs at fixed places, some 64 pixels apart) is never seen nor corrected. Frozen this early, they are gone.
    freeze_norm: float = 0.15
    average_decay: float = 0.999  # of the moving average of the generator's weights, a step
    average_every: int = 5
    credit: dict[str, str] = field(default_factory=dict)


FLOWERS = {
    "what": "Learned from 800 photographs of flowers and tested on 200, by 591 photographers; each is named in CREDITS.csv.",
    "licence": "CC BY 2.0, https://creativecommons.org/licenses/by/2.0/",
    "url": "https://www.tensorflow.org/datasets/catalog/tf_flowers",
}

CLOUDS = {
    "what": "Learned from 480 crops of photographs of skies and tested on 120; each is named in CREDITS.csv.",
    "licence": "MIT",
    "url": "https://github.com/shelbywilson/shelbywilson.github.io",
}

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            name="flowers-small",
            title="Flowers, small",
            description="Paints flowers into any play of light and dark.",
            dataset="flowers",
            credit=FLOWERS,
            filters=8,
            discriminator_filters=32,
            steps=6_000,
        ),
        Preset(
            name="flowers-tiny",
            title="Flowers, tiny",
            description="Paints flowers into any play of light and dark, with a third of the work.",
            dataset="flowers",
            credit=FLOWERS,
            filters=4,
            discriminator_filters=16,
            steps=6_000,
        ),
        Preset(
            name="flowers-full",
            title="Flowers, full size",
            description="Paints flowers into any play of light and dark, with the network at its original size.",
            dataset="flowers",
            credit=FLOWERS,
            filters=64,
            discriminator_filters=64,
            steps=3_600,
        ),
        Preset(
            name="clouds-small",
            title="Clouds, small",
            description="Paints a sky of clouds into any play of light and dark.",
            dataset="clouds",
            credit=CLOUDS,
            filters=8,
            discriminator_filters=32,
            l1_weight=300.0,
            late_l1_weight=1_000.0,
            steps=4_000,
        ),
        Preset(
            name="clouds-tiny",
            title="Clouds, tiny",
            description="Paints a sky of clouds into any play of light and dark, with a third of the work.",
            dataset="clouds",
            credit=CLOUDS,
            filters=4,
            discriminator_filters=16,
            l1_weight=300.0,
            late_l1_weight=1_000.0,
            steps=4_000,
        ),
    )
}
