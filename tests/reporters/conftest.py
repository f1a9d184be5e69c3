"""Peers that are not Python packages: where to find them, and how to install them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.reporters.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


def _missing(command: str) -> None:
    """Skip with the install command; in CI a peer that is missing is a failure."""
    reason = f"a peer is missing; install it with: {command}"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _peers() -> Path | None:
    folder = os.environ.get("ASSAY_PEERS")
    return Path(folder) if folder else None


@pytest.fixture(scope="session")
def multitool() -> str:
    """The path of the SARIF multitool: below `ASSAY_PEERS`, else on PATH."""
    peers = _peers()
    folder = str(peers / "node_modules" / ".bin") if peers else None
    found = shutil.which("sarif-multitool", path=folder) if folder else None
    found = found or shutil.which("sarif-multitool")
    if found is None:
        _missing("npm install @microsoft/sarif-multitool (and set ASSAY_PEERS to its folder)")
        raise AssertionError
    return found


@pytest.fixture(scope="session")
def sarif_schema(multitool: str) -> Path:
    """The SARIF 2.1.0 JSON Schema, which the multitool's package carries."""
    packages = Path(multitool).parent.parent / "@microsoft"
    found = sorted(packages.glob("sarif-multitool-*/sarif-2.1.0.json"))
    if not found:
        _missing("npm install @microsoft/sarif-multitool (and set ASSAY_PEERS to its folder)")
    return found[0]


@pytest.fixture(scope="session")
def tap_parser() -> Path:
    """The folder below which Node finds tap-parser."""
    folder = _peers() or ROOT / ".peers"
    if shutil.which("node") is None or not (folder / "node_modules" / "tap-parser").is_dir():
        _missing("npm install tap-parser@18.3.4 (and set ASSAY_PEERS to its folder)")
    return folder


@pytest.fixture(scope="session")
def prove() -> str:
    """Perl's own reader of TAP."""
    found = shutil.which("prove")
    if found is None:
        _missing("apt-get install perl")
        raise AssertionError
    return found


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which judges the accessibility of a page."""
    folder = _peers() or ROOT / ".peers"
    file = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        _missing("npm install axe-core@4.14.1 (and set ASSAY_PEERS to its folder)")
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        _missing("apt-get install chromium")
        raise AssertionError
    with Browser(program) as running:
        yield running
