"""How many bytes of JavaScript objects a page still holds, from a heap snapshot.

The plain heap size would not do: it counts compiled code, of which V8 makes more while a page runs.
"""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

OBJECTS = ("object", "closure", "array", "string", "concatenated string", "number", "bigint", "regexp")


def take_snapshot(page: Page) -> dict[str, Any]:
    """V8's snapshot, after the garbage was collected."""
    session = page.context.new_cdp_session(page)
    chunks: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: chunks.append(event["chunk"]))
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    session.detach()
    snapshot: dict[str, Any] = json.loads("".join(chunks))
    return snapshot


def object_bytes(page: Page) -> int:
    """Bytes of reachable objects, arrays, closures, strings and numbers; without code and what it learnt."""
    snapshot = take_snapshot(page)
    meta = snapshot["snapshot"]["meta"]
    fields, kinds = meta["node_fields"], meta["node_types"][0]
    kind_at, size_at, step = fields.index("type"), fields.index("self_size"), len(fields)
    nodes = snapshot["nodes"]
    return sum(nodes[i + size_at] for i in range(0, len(nodes), step) if kinds[nodes[i + kind_at]] in OBJECTS)
