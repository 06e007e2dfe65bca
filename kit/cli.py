"""The ``kit`` command."""

import click

from kit.commands.group import Entry, LazyGroup, example

COMMANDS = {
    "serve": Entry(
        "kit.commands.serve", "serve", "Start the server; the first start prints the links you need."
    ),
    "study": Entry("kit.commands.study", "study", "Make, list, open and close studies."),
    "link": Entry("kit.commands.link", "link", "Make the URLs that you send to testers, or switch them off."),
    "models": Entry("kit.commands.models", "models", "List, verify, add and export models."),
    "dataset": Entry(
        "kit.commands.dataset",
        "dataset",
        "Get photographs, cut videos into stills, prepare them for training.",
    ),
    "convert": Entry("kit.commands.convert", "convert", "Write the model at PATH in another format."),
    "train": Entry("kit.commands.train", "train", "Train a network on a folder of photographs."),
    "evaluate": Entry(
        "kit.commands.evaluate",
        "evaluate",
        "Measure models on test photographs: L1, PSNR and SSIM against two baselines.",
    ),
    "bench": Entry("kit.commands.bench", "bench", "Measure models and modes in a browser on this machine."),
    "rivals": Entry(
        "kit.commands.rivals", "rivals", "Install ONNX Runtime Web and LiteRT.js for comparison."
    ),
    "gpu": Entry("kit.commands.gpu", "gpu", "Say which GPU a renderer string means."),
    "devices": Entry(
        "kit.commands.devices", "devices", "Read GPU names again by new rules, or add names of your own."
    ),
    "export": Entry(
        "kit.commands.export",
        "export",
        "Write a table of what was measured, or all of them with codebook, manifest and a worked notebook.",
    ),
    "db": Entry("kit.commands.db", "db", "Upgrade, check, rebuild, back up or restore the database."),
    "admin": Entry(
        "kit.commands.admin",
        "admin",
        "Add an administrator, print a one-time sign-in link, or make tokens for programs that read figures.",
    ),
    "doctor": Entry(
        "kit.commands.doctor", "doctor", "Check this installation and say what to do about what is wrong."
    ),
}


@click.group(cls=LazyGroup, entries=COMMANDS, epilog=example("kit serve", "kit study new --help"))
@click.version_option(package_name="fieldkit", prog_name="kit", message="%(prog)s %(version)s")
def main() -> None:
    """Fieldkit: measure how small image-to-image networks run on other people's machines."""


if __name__ == "__main__":
    main(prog_name="kit")
