"""Programs that tests compare with: skipped where they are missing, but never where CI is set."""

from __future__ import annotations

import os
import shutil

import pytest

PACKAGES = {"bash": "bash", "fish": "fish", "node": "nodejs", "openssl": "openssl", "zsh": "zsh"}
"""Program to Debian's package."""


def program(name: str) -> str:
    """Its path."""
    if found := shutil.which(name):
        return found
    reason = f"a peer is missing; install it with: apt-get install {PACKAGES[name]}"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
