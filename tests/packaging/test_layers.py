"""Who may import whom, as docs/architecture.md tells it, and how large a module may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import pytest
from tests.packaging.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = ROOT / "src"
LONGEST = 400
GROUND = {"categories", "discretion", "errors", "facts", "model", "words", "databases.model"} | {
    *("redacted", "version", "wordlike"),
}
MAY_IMPORT: dict[str, set[str]] = {
    "comparison": {"facts"},
    "credentials": {
        *(
            "api",
            "crypto",
            "databases",
            "errors",
            "crypto",
            "facts",
            "formats",
            "kinds",
            "model",
        ),
        *("probes", "databases.model", "sources", "spec", "suggest"),
    },
    "crypto": {"facts", "formats", "hygiene", "model", "databases.model", "wordlike"},
    "databases": {
        *("gate", "net", "errors", "facts", "files", "formats", "model"),
        *("databases.model", "version"),
    },
    "documents": {
        *("gate", "hygiene"),
        *("dotenv", "errors", "files", "formats", "kind", "kinds", "model", "reporters", "sources"),
        *("spec", "suggest", "templating"),
    },
    "discovery": {
        *(
            "dotenv",
            "errors",
            "facts",
            "files",
            "formats",
            "gate",
            "hygiene",
            "probes",
            "redaction",
        ),
        *("databases.model", "package_data", "sources", "spec", "schema_diff"),
    },
    "dotenv": set(),
    "gate": {"package_data"},
    "engine": {"facts", "kind", "model", "waivers"},
    "fixtures": {
        *(
            "api",
            "engine",
            "errors",
            "facts",
            "kinds",
            "model",
            "probes",
            "reporters",
            "package_data",
        ),
        *("sources", "spec", "suggest"),
    },
    "formats": {"model", "suggest", "hygiene"},
    "hygiene": {"model"},
    "kind": {"facts", "model"},
    "net": {"databases"},
    "kinds": {
        "comparison",
        "crypto",
        "databases",
        "facts",
        "formats",
        "hygiene",
        "kind",
        "model",
        "databases.model",
        "spec",
        "suggest",
        "schema_diff",
        "wordlike",
    },
    "diff": {
        *("comparison", "documents", "facts", "hygiene", "kind", "kinds", "model", "probes"),
        *("databases.model", "reporters", "snapshots", "spec", "schema_diff"),
    },
    "probes": {
        "net",
        "crypto",
        "databases",
        "facts",
        "files",
        "model",
        "databases.model",
        "sources",
    },
    "reporters": {"errors", "model", "templating"},
    "sandbox": set(),
    "screen": {
        *("crypto", "dotenv", "files", "formats", "gate", "hygiene", "kinds", "sources", "spec"),
        "version",
    },
    "snapshots": {"comparison", "errors", "facts", "files", "formats", "spec", "schema_diff"},
    "sources": {"dotenv", "facts", "files", "gate", "model"},
    "schema_diff": {"facts", "databases.model"},
    **dict.fromkeys(GROUND, GROUND),
}
"""A package or module of ours to those that it may import beside itself; others are free."""


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imported(name: str, *, at_once: bool) -> Iterator[str]:
    """Our modules that a module imports; with `at_once` only those that it needs to be imported."""
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    for node in walk(tree, into_functions=not at_once):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            base = node.module or ""
            names = [
                whole if (whole := f"{base}.{alias.name}") in modules() else base
                for alias in node.names
            ]
        else:
            continue
        yield from (found for found in names if found in modules())


def walk(node: ast.AST, *, into_functions: bool) -> Iterator[ast.AST]:
    """Every node that runs; blocks for type checkers don't."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not into_functions:
            continue
        yield child
        yield from walk(child, into_functions=into_functions)


def layer(name: str) -> str:
    """`kinds` of `assay.kinds.variable.kind`; empty for the package itself."""
    if name == "assay.databases.model":
        return "databases.model"
    return name.split(".")[1] if "." in name else ""


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_go_one_way(name: str) -> None:
    own = layer(name)
    allowed = MAY_IMPORT.get(own)
    for other in imported(name, at_once=False):
        target = layer(other)
        if target == "cli":
            assert own in ("cli", "__main__"), f"{name} imports {other}"
        if allowed is not None and target not in ("", own, "discretion", "words", "redacted"):
            assert target in allowed, f"{name} imports {other}"


def test_no_imports_go_round_in_a_circle() -> None:
    graph = {
        name: {other for other in imported(name, at_once=True) if other != name}
        for name in modules()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_module_is_long(name: str) -> None:
    lines = modules()[name].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name
        for name, path in modules().items()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize(
    "name", ["assay", "assay.cli", "assay.screen", "assay.screen.judge", "assay.screen.store"]
)
def test_what_a_clean_run_needs_imports_next_to_nothing(name: str) -> None:
    code = (
        f"import os, sys; before = set(sys.modules); import {name}\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    foreign = [found for found in done.stdout.split() if not found.startswith("assay")]
    assert set(foreign) <= {"__future__", "_blake2", "binascii", "marshal"}
