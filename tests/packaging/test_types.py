"""What the package offers has types that every type checker understands in the same way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.packaging.conftest import ROOT, clean

INSTALL = "npm install pyright@1.1.414 (and set ASSAY_PEERS to its folder)"


@pytest.fixture
def pyright() -> list[str]:
    """The command of pyright; it is missing in CI only by mistake."""
    peers = Path(os.environ.get("ASSAY_PEERS") or ROOT / ".peers")
    script = peers / "node_modules" / "pyright" / "index.js"
    node = shutil.which("node")
    if node is None or not script.is_file():
        reason = f"a peer is missing; install it with: {INSTALL}"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return [node, str(script)]


def test_every_public_name_has_a_type_that_is_known(pyright: list[str], tmp_path: Path) -> None:
    # it looks for packages where the `python` on PATH does
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [*pyright, "--verifytypes", "assay", "--ignoreexternal", "--outputjson"],
        cwd=tmp_path, env=clean(PATH=path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)["typeCompleteness"]
    unknown = [
        f"{symbol['name']}: {trouble['message']}"
        for symbol in found["symbols"]
        if (symbol["isExported"] and not symbol["isTypeKnown"]) or symbol["isTypeAmbiguous"]
        for trouble in symbol["diagnostics"]
    ]
    assert unknown == []
    assert found["completenessScore"] == 1
    assert found["exportedSymbolCounts"]["withKnownType"] > 1000
