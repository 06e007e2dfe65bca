"""User agent -> browser name, major version, operating system. Parsed in memory; the string itself is never kept.

A headless Chrome is called ``Chrome``: it is the same engine and what it measures is what Chrome measures; runs of
``kit bench`` are told apart by their study, not by their browser. Browsers on iOS keep ``iOS`` in their name because
their engine is Safari's whatever their name says. Brave and plain Chromium send Chrome's own user agent: they are
``Chrome`` here unless they name themselves.
"""

from kit.domain.wire.device import Browser

RULE_VERSION = 1
UNKNOWN = "Unknown"

NAMES = {
    "Brave": "Brave",
    "Chrome": "Chrome",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile WebView": "Android WebView",
    "Chrome Mobile iOS": "Chrome iOS",
    "Chromium": "Chromium",
    "Edge": "Edge",
    "Edge Mobile": "Edge",
    "Firefox": "Firefox",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox iOS",
    "HeadlessChrome": "Chrome",
    "Mobile Safari": "Safari",
    "Opera": "Opera",
    "Opera Mobile": "Opera",
    "Safari": "Safari",
    "Samsung Internet": "Samsung Internet",
}
"""Family as the parser calls it -> name as Fieldkit shows it; a family that is not listed keeps its own name."""

SYSTEMS = {
    "Mac OS X": "macOS",
    "Ubuntu": "Linux",
    "Debian": "Linux",
    "Fedora": "Linux",
    "Chrome OS": "ChromeOS",
}
MOBILE_SYSTEMS = frozenset({"Android", "iOS"})
MAX_USER_AGENT = 1_000


def parse_user_agent(ua: str) -> Browser:
    """Parse a ``User-Agent`` header. Never raises; what is not known is ``Unknown`` or ``None``."""
    agent, system = _families(ua[:MAX_USER_AGENT])
    family, major = agent
    os, os_version = system
    ios_app = os == "iOS" and family in ("Edge", "Edge Mobile", "Opera", "Opera Mobile", "Opera Touch")
    name = f"{NAMES.get(family, family)} iOS" if ios_app else NAMES.get(family, family)
    return Browser(
        name=name[:200] or UNKNOWN,
        major=major,
        os=os[:200],
        os_version=os_version[:200] if os_version else None,
        mobile=None if os == UNKNOWN else os in MOBILE_SYSTEMS or "Mobile" in family,
    )


def _families(ua: str) -> tuple[tuple[str, int | None], tuple[str, str | None]]:
    from ua_parser import parse  # its tables take a while to load: not at import

    result = parse(ua)
    agent, system = result.user_agent, result.os
    browser = (agent.family, _number(agent.major)) if agent else (UNKNOWN, None)
    if system is None:
        return browser, (UNKNOWN, None)
    version = ".".join(part for part in (system.major, system.minor) if part) or None
    return browser, (SYSTEMS.get(system.family, system.family), version)


def _number(text: str | None) -> int | None:
    return (
        int(text)
        if text and text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 100_000
        else None
    )
