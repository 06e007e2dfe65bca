import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.domain.browser import parse_user_agent

LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; K)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"

CASES = [
    (f"{WINDOWS} {WEBKIT} Chrome/124.0.0.0 Safari/537.36", ("Chrome", 124, "Windows", "10", False)),
    (f"{LINUX} {WEBKIT} HeadlessChrome/140.0.0.0 Safari/537.36", ("Chrome", 140, "Linux", None, False)),
    (f"{WINDOWS} {WEBKIT} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0", ("Edge", 124, "Windows", "10", False)),
    (f"{WINDOWS} {WEBKIT} Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0", ("Opera", 110, "Windows", "10", False)),
    (f"{WINDOWS} {WEBKIT} Brave Chrome/83.0.4103.116 Safari/537.36", ("Brave", 83, "Windows", "10", False)),
    (f"{LINUX} {WEBKIT} Ubuntu Chromium/80.0 Chrome/80.0 Safari/537.36", ("Chromium", 80, "Linux", None, False)),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", 140, "Linux", None, False)),
    ("Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0", ("Firefox", 125, "Android", "14", True)),
    (f"{ANDROID} {WEBKIT} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
     ("Samsung Internet", 25, "Android", "14", True)),
    (f"{ANDROID} {WEBKIT} Chrome/124.0.0.0 Mobile Safari/537.36", ("Chrome", 124, "Android", "14", True)),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Version/17.4 Safari/605.1.15",
     ("Safari", 17, "macOS", "10.15", False)),
    (f"{IPHONE} {SAFARI} Version/17.5 Mobile/15E148 Safari/604.1", ("Safari", 17, "iOS", "17.5", True)),
    (f"{IPHONE} {SAFARI} CriOS/124.0.6367.88 Mobile/15E148 Safari/604.1", ("Chrome iOS", 124, "iOS", "17.5", True)),
    (f"{IPHONE} {SAFARI} EdgiOS/124.0 Version/17.0 Mobile/15E148 Safari/604.1", ("Edge iOS", 124, "iOS", "17.5", True)),
    ("", ("Unknown", None, "Unknown", None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("ua", "expected"), CASES)
def test_known_browsers(ua: str, expected: tuple[object, ...]):
    browser = parse_user_agent(ua)
    assert (browser.name, browser.major, browser.os, browser.os_version, browser.mobile) == expected


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=2_000))
def test_never_raises(ua: str):
    assert parse_user_agent(ua).name


def test_absurd_versions_are_no_numbers():
    assert parse_user_agent(f"{LINUX} {WEBKIT} Chrome/99999999999.0 Safari/537.36").major is None
