"""The language server that editors use, and the schema that they get."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.editor.client import LanguageServer
from tests.editor.situations import Walk

from assay.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
INSTALL = "npm install yaml-language-server@1.25.0 (and set ASSAY_PEERS to its folder)"
SETTINGS = {
    "yaml": {
        "completion": True,
        "customTags": [],
        "hover": True,
        "kubernetesCRDStore": {"enable": False},
        "schemaStore": {"enable": False, "url": ""},
        "validate": True,
        "yamlVersion": "1.2",
    },
    "http": {"proxy": "http://127.0.0.1:9", "proxyStrictSSL": True},  # where nothing answers
    "redhat": {"telemetry": {"enabled": False}},
}


@pytest.fixture(scope="session")
def schema_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `assay schema` writes."""
    file = tmp_path_factory.mktemp("schema") / "assay.schema.json"
    assert main(["schema", "-o", str(file)]) == 0
    return file


@pytest.fixture(scope="session")
def walk(schema_file: Path) -> Walk:
    """Every place of a spec, by the schema."""
    return Walk(json.loads(schema_file.read_bytes()))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """yaml-language-server, kept from the network."""
    peers = Path(os.environ.get("ASSAY_PEERS") or ROOT / ".peers")
    script = peers / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    node = shutil.which("node")
    if node is None or not script.is_file():
        reason = f"a peer is missing; install it with: {INSTALL}"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    root = tmp_path_factory.mktemp("workspace")
    with LanguageServer.running([node, str(script), "--stdio"], root, SETTINGS) as running:
        yield running
        assert not running.errors
