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
REGISTRIES = {
    *("assay.crypto.envelopes", "assay.databases", "assay.documents", "assay.formats"),
    *("assay.kinds", "assay.sources"),
}
"""Modules that list names, and import what they list only when it is asked for by its name."""
GROUND = (
    "categories discretion errors escapes facts judging lazily model redacted registry suggest "
    "version wordlike words"
)
"""What all may import; it imports nothing but itself."""
MAY_IMPORT: dict[str, str] = {
    "api": "net runs sources spec",
    "assignments": "reporters",
    "cli": "*",
    "comparison": "",
    "credentials": "api crypto kinds probes registries sources spec",
    "crypto": "databases.model formats hygiene registries",
    "databases": "databases.model files formats gate net schema_diff",
    "databases.model": "",
    "diff": "comparison documents kinds registries reporters schema_diff snapshots spec waivers",
    "discovery": "databases.model dotenv files gate hygiene package_data probes redaction "
    "registries schema_diff sources spec",
    "document_kind": "",
    "documents": "document_kind dotenv files formats gate hygiene kinds registries reporters "
    "sources spec templating",
    "dotenv": "",
    "engine": "kind waivers",
    "extending": "*",
    "files": "gate",
    "fixing": "assignments crypto document_kind documents dotenv formats hygiene kinds spec",
    "fixtures": "kinds package_data reporters runs sources spec",
    "formats": "hygiene registries",
    "gate": "package_data",
    "gitignore": "gate",
    "hygiene": "",
    "kind": "",
    "kinds": "comparison crypto databases databases.model formats hygiene kind net registries "
    "schema_diff spec",
    "masking": "crypto hygiene kinds",
    "net": "",
    "package_data": "",
    "plugins": "gate",
    "probes": "crypto databases databases.model net sources",
    "redaction": "assignments reporters",
    "registries": "",
    "rendering": "reporters spec",
    "reporters": "templating",
    "runs": "engine masking probes selection sources",
    "sandbox": "",
    "schema_diff": "comparison",
    "screen": "dotenv files formats gate hygiene kinds sources spec",
    "selection": "kind registries",
    "snapshots": "comparison files formats schema_diff spec",
    "sources": "dotenv files gate",
    "spec": "document_kind files gate kind package_data plugins registries sources waivers",
    "templating": "files gate package_data sandbox",
    "waivers": "",
    **dict.fromkeys(GROUND.split(), ""),
}
"""A package or module of ours to those that it may import beside itself and the ground."""


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


@cache
def imported(name: str) -> frozenset[str]:
    """Our modules that a module imports, at once or when a function of it is called."""
    found: set[str] = set()
    for node in walk(ast.parse(modules()[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            whole = (f"{base}.{alias.name}" for alias in node.names)
            found.update(one if one in modules() else base for one in whole)
    return frozenset(found & modules().keys()) - {name}


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Every node that runs; blocks for type checkers don't."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield other
                yield from walk(other)
            continue
        yield child
        yield from walk(child)


def layer(name: str) -> str:
    """`kinds` of `assay.kinds.variable.kind`; empty for the package itself."""
    if name in REGISTRIES:
        return "registries"
    if name == "assay.databases.model":
        return "databases.model"
    return name.split(".")[1] if "." in name else ""


def layers() -> dict[str, set[str]]:
    """Each layer with those that it imports."""
    graph: dict[str, set[str]] = {layer(name): set() for name in modules()}
    for name in modules():
        graph[layer(name)] |= {layer(other) for other in imported(name)} - {layer(name)}
    return graph


def test_every_layer_says_what_it_may_import() -> None:
    assert set(MAY_IMPORT) == layers().keys() - {"", "__main__"}


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_go_one_way(name: str) -> None:
    own = layer(name)
    allowed = {own, *MAY_IMPORT.get(own, "*").split(), *GROUND.split()}
    wrong = sorted(other for other in imported(name) if layer(other) not in {*allowed, ""})
    assert wrong == [] or "*" in allowed


def test_nothing_but_the_program_imports_commands() -> None:
    assert [own for own, others in layers().items() if "cli" in others] == ["__main__"]


def test_registries_import_nothing_that_they_list() -> None:
    for name in REGISTRIES:
        assert {layer(other) for other in imported(name)} <= {"registry"}


def test_no_packages_import_each_other() -> None:
    graph = {own: others - {""} for own, others in layers().items() if own}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_no_modules_import_each_other() -> None:
    TopologicalSorter({name: imported(name) for name in modules()}).prepare()


def test_a_circle_through_a_function_is_seen() -> None:
    tree = ast.parse("def lazy():\n    import assay.cli\nif TYPE_CHECKING:\n    import assay.api")
    assert [ast.unparse(n) for n in walk(tree) if isinstance(n, ast.Import)] == ["import assay.cli"]


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
