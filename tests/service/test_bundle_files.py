"""Models for browsers: what a manifest lists, immutable, in ranges; and nothing else on the disk."""

import hashlib

import pytest
from flask.testing import FlaskClient

from kit.models.catalog import BUNDLED, BundleInfo, list_bundles


@pytest.fixture
def bundle() -> BundleInfo:
    return next(info for info in list_bundles([BUNDLED]) if info.name == "test-blocks")


def address(bundle: BundleInfo, file: str = "manifest.json") -> str:
    return f"/models/{bundle.name}/{bundle.version}/{file}"


def test_a_manifest_is_kept_for_good_under_its_hash(sqlite_client: FlaskClient, bundle: BundleInfo) -> None:
    answer = sqlite_client.get(address(bundle))
    assert hashlib.sha256(answer.data).hexdigest() == bundle.sha256
    assert answer.headers["ETag"] == f'"{bundle.sha256}"'
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "application/json"


def test_what_the_browser_has_is_not_sent_again(sqlite_client: FlaskClient, bundle: BundleInfo) -> None:
    answer = sqlite_client.get(address(bundle), headers={"If-None-Match": f'"{bundle.sha256}"'})
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_download_goes_on_where_it_stopped(sqlite_client: FlaskClient, bundle: BundleInfo) -> None:
    whole = sqlite_client.get(address(bundle)).data
    rest = sqlite_client.get(
        address(bundle), headers={"Range": "bytes=100-", "If-Range": f'"{bundle.sha256}"'}
    )
    assert (rest.status_code, rest.data) == (206, whole[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"


def test_a_range_beyond_the_end(sqlite_client: FlaskClient, bundle: BundleInfo) -> None:
    answer = sqlite_client.get(address(bundle), headers={"Range": "bytes=999999999-"})
    assert answer.status_code == 416


@pytest.mark.parametrize(
    "path",
    [
        "nosuch/1.0.0/manifest.json",
        "test-blocks/9/manifest.json",
        "test-blocks/1.0.0/nosuch.bin",
        "test-blocks/1.0.0/golden",
    ]
    + [
        f"test-blocks/1.0.0/{dots}"
        for dots in ("../1.0.0/manifest.json", "..%2f..%2f..%2fcatalog.py", "%00", "....//x")
    ],
)
def test_nothing_else_is_served(sqlite_client: FlaskClient, path: str) -> None:
    answer = sqlite_client.get(f"/models/{path}")
    assert answer.status_code == 404
    assert answer.json["error"]["code"] in ("unknown_file", "not_found")
