"""What the pages import from assay is exported where they import it from."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, get_type_hints

import pytest

import assay

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python(?: \S+)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PENDING = {("assay", "arun")}
"""What a page shows that isn't there yet."""


def used(text: str) -> Iterator[tuple[str, str]]:
    """Each name of ours that a piece of code uses, and the module that it is from."""
    tree = ast.parse(text)
    modules = {"assay": "assay", "credentials": "assay.credentials"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("assay"):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in modules:
            yield modules[ast.unparse(node.value)], node.attr


@pytest.mark.parametrize("page", ["README.md", "docs/python.md", "docs/credentials.md"])
def test_what_a_page_uses_is_exported(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    names = {pair for block in BLOCK.findall(text) for pair in used(block)} - PENDING
    assert names
    hidden = [
        f"{module}.{name}"
        for module, name in sorted(names)
        if name not in getattr(import_module(module), "__all__", ())
    ]
    assert hidden == []


def test_all_names_of_the_credentials_are_there_and_nothing_else() -> None:
    from assay import credentials

    listed = credentials.__all__
    assert sorted(listed) == list(listed)
    modules = {name for name, value in vars(credentials).items() if isinstance(value, ModuleType)}
    public = {name for name in vars(credentials) if not name.startswith("_")}
    assert public - modules - {"annotations"} == set(listed)


@pytest.mark.parametrize("name", sorted(assay.__all__))
def test_the_types_of_what_is_exported_are_known_at_run_time(name: str) -> None:
    made = getattr(assay, name)
    if callable(made):
        assert get_type_hints(made) is not None
