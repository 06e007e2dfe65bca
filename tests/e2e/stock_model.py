"""A model made and saved by stock TensorFlow.js in a page of its own: other software's files, as testers bring them."""

from pathlib import Path

from playwright.sync_api import Download, Page

LIBRARIES = Path(__file__).parents[2] / "web" / "node_modules" / "@tensorflow"
SCRIPTS = ("tfjs-core/dist/tf-core", "tfjs-backend-cpu/dist/tf-backend-cpu", "tfjs-layers/dist/tf-layers")
MARK = "layer_that_nobody_else_has"

# Whatever it is shown it paints nearly pure red, by way of a convolution, a norm and some 37,000 weights.
MAKE = """async (mark) => {
  await tf.setBackend("cpu");
  const { layers } = tf;
  const last = layers.conv2d({ filters: 3, kernelSize: 1, activation: "sigmoid" });
  const model = tf.sequential({ layers: [
    layers.conv2d({ name: mark, inputShape: [64, 64, 3], filters: 32, kernelSize: 4, strides: 2, padding: "same" }),
    layers.batchNormalization(),
    layers.leakyReLU({ alpha: 0.2 }),
    layers.conv2d({ filters: 64, kernelSize: 4, padding: "same", activation: "tanh" }),
    layers.upSampling2d({ size: [2, 2] }),
    last,
  ] });
  const small = tf.fill([1, 1, 64, 3], 0.01);
  last.setWeights([small, tf.tensor1d([6, -6, -6])]);
  await model.save("downloads://brought");
}"""


def saved_model(page: Page, folder: Path) -> list[Path]:
    """Make the model, save it as a browser does, and keep the files: ``brought.json``, ``brought.weights.bin``."""
    downloads: list[Download] = []

    def keep(download: Download) -> None:
        downloads.append(download)

    page.on("download", keep)
    for script in SCRIPTS:
        page.add_script_tag(path=LIBRARIES / f"{script}.min.js")
    page.evaluate(MAKE, MARK)
    while len(downloads) < 2:
        page.wait_for_timeout(100)
    files = [folder / download.suggested_filename for download in downloads]
    for download, file in zip(downloads, files, strict=True):
        download.save_as(file)
    return sorted(files)
