"""Peers that are not Python packages: where to find them, and how to install them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest


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
