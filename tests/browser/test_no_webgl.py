"""Without WebGL the page says so, and so do the probe and the reports."""

import pytest

from kit.domain.wire.device import DeviceBlock
from kit.domain.wire.run import RunReport
from tests.browser.conftest import Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import NO_WEBGL

pytestmark = pytest.mark.browser

BROWSER = {"name": "Chromium", "major": 150, "os": "Linux", "os_version": None, "mobile": False}


def test_without_webgl_runs_are_unavailable(launch: Launch, site: Site) -> None:
    page = open_harness(launch(*NO_WEBGL), site.url)
    (run,) = ask(page, "return (await help.measure(['tfjs-webgl'])).runs;")
    device = ask(page, "return await kit.probe.probeDevice(argument);", BROWSER)
    page.context.close()
    report = RunReport.model_validate(run)
    assert (report.outcome, report.variant.library) == ("unavailable", "unknown")
    assert report.reason
    assert "WebGL2" in report.reason
    block = DeviceBlock.model_validate(device)
    assert block.webgl is None
    assert block.webgl_reason
