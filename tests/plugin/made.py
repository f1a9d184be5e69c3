"""Plug-ins that are installed by hand, as pip would, to see what a broken one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KIND = '''
import msgspec
from typing import ClassVar
from assay.facts import Query, Value
from assay.kind import Check, Kind
from assay.model import Category, Rule
from assay.spec.structs import shape_of

BAD = Rule(code="gadget-bad", category=Category.SERVICE, message="{name} is bad: {why}",
           remedy="Fix {name}.", why="It breaks.")
SECRET = "acme_4f9Q2m7Xb1Zk8Rt3Vw6Yc0Ls"

class Gadget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One gadget."""
    section: ClassVar[str] = "gadgets"
    size: int = 1

class Asked(Query[int], frozen=True):
    name: str

def fail(*_):
    raise RuntimeError(SECRET)

def parse(name, data):
    return msgspec.convert(data, Gadget)

def shape():
    return {"title": "gadget", **shape_of(Gadget)}

def lint(entry, spec):
    yield from ()

def checks(spec, environment):
    for name, entry in spec.entries(Gadget).items():
        yield Check(kind=KIND, subject=name, environment=environment, model=name,
                    location=entry.location)

def needs(model):
    yield from ()

def evaluate(model, facts):
    yield from ()

MORE = {}
'''
"""The beginning of a module with a kind in it."""
END = """
KIND = Kind(name="gadget", section="gadgets", rules=(BAD,), doc=__doc__ or "", parse=parse,
            shape=shape, lint=lint, checks=checks, needs=needs, evaluate=evaluate, **MORE)
"""
GADGETS = {"kinds.gadgets": "bad_plugin:KIND"}


def install(
    folder: Path, entries: Mapping[str, str], code: str, *, name: str = "bad-plugin"
) -> None:
    """Put a package and what pip writes of it into a folder of packages."""
    module = name.replace("-", "_")
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = "".join(f"{key} = {value}\n" for key, value in entries.items())
    info.joinpath("entry_points.txt").write_text(f"[assay.plugins]\n{lines}")
    folder.joinpath(f"{module}.py").write_text(code)
