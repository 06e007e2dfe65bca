"""One tester's browser, as far as the server can tell: the calls of a whole visit over HTTP."""

import json
import re
import secrets
import ssl
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.domain.reports import device_body, run_body

CONSENT_TIME = "2026-01-01T12:00:00Z"


@dataclass
class Visitor:
    """A visit at `base` (scheme, host and port); `context` trusts the proxy's own certificate."""

    base: str
    context: ssl.SSLContext | None = None
    timeout: float = 20
    visit: str = field(default_factory=lambda: str(uuid.uuid4()))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    machine: str = field(default_factory=lambda: str(uuid.uuid4()))
    config: dict[str, Any] = field(default_factory=dict)

    def fetch(self, path: str, method: str = "GET", body: Any = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer; a refusal is an exception."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        request.add_header(
            "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        )
        request.add_header("Content-Type", "application/json")
        if body is not None:
            request.add_header("Authorization", f"Bearer {self.secret}")
        with urllib.request.urlopen(request, timeout=self.timeout, context=self.context) as answer:
            return answer.status, dict(answer.headers), answer.read()

    def send(self, method: str, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON answer of a call to the API."""
        status, _, answer = self.fetch(f"/api/v1/visits{path}", method, body)
        return status, json.loads(answer)

    def open_page(self, link_path: str) -> str:
        """The tester's page; what it tells the browser is kept in `config`."""
        page = self.fetch(link_path)[2].decode()
        script = re.search(r'<script type="application/json" id="kit-config">(.+?)</script>', page, re.DOTALL)
        assert script, page[:500]
        self.config = json.loads(script[1])
        return page

    def agree(self) -> tuple[int, dict[str, Any]]:
        """Begin the visit, after consent."""
        consent = {"text_sha256": self.config["consent_sha256"], "language": "en", "at": CONSENT_TIME}
        body = {
            "schema": 1,
            "id": self.visit,
            "link": self.config["link"],
            "machine": self.machine,
            "secret": self.secret,
            "consent": consent,
            "kit_version": self.config["kit_version"],
            "protocol_version": self.config["protocol_version"],
        }
        return self.send("POST", "", body)

    def measure(self, block: int = 0) -> tuple[int, dict[str, Any]]:
        """Send one run of the study's first model and mode."""
        model, mode = self.config["models"][0]["ref"], self.config["modes"][0]
        return self.send(
            "PUT", f"/{self.visit}/runs/{uuid.uuid4()}", run_body(model=model, mode=mode, block=block)
        )

    def whole_visit(self, link_path: str) -> list[int]:
        """The status of every call from the page to the thank-you page."""
        self.open_page(link_path)
        calls = [self.agree()]
        calls.append(
            self.send("PUT", f"/{self.visit}/device", {"schema": 1, "declined": False, "device": device()})
        )
        calls.extend(self.measure(block) for block in range(2))
        calls.append(self.send("PUT", f"/{self.visit}/end", {"schema": 1, "state": "finished"}))
        return [status for status, _ in calls]


def device() -> dict[str, Any]:
    """A device block as a browser sends it."""
    body: dict[str, Any] = device_body()
    body["browser"] = {"name": "Firefox", "major": 140, "os": "Linux", "os_version": None, "mobile": False}
    return body
