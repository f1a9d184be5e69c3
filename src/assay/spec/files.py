"""Which files make up a spec, and what they hold."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from assay.errors import SpecError
from assay.files import FileTrouble, read_bytes, trouble_of
from assay.model import Finding, Location
from assay.package_data import folder
from assay.spec import rules
from assay.spec.discovery import located
from assay.suggest import closest, hint

if TYPE_CHECKING:
    from collections.abc import Sequence

ENDINGS = (".yaml", ".yml")
SPEC = re.compile(
    rb"^\"?(?:assay|imports|environments|variables|keys|rules|databases|tables|credentials|parity"
    rb"|documents|waivers|tests|undeclared|project)\"?[ \t]*:",
    re.MULTILINE,
)
"""What stands at the beginning of a line in every spec and file of tests, however broken."""
LARGEST = 16 * 1024 * 1024
"""Bytes. Ten thousand variables with long descriptions take a tenth of it."""


class Found(NamedTuple):
    """Where a spec lives: the folder that its paths are relative to, and its files."""

    root: str
    files: tuple[str, ...]
    """Relative to the root where they are below it."""
    inside: tuple[str, ...]
    """Where it may read, as `gate.inside_of` says."""


def find_spec(
    given: str | None,
    working: str,
    *,
    allowed: Sequence[str] = (),
    inside: tuple[str, ...] | None = None,
) -> Found:
    """The spec that `given` names, else the nearest `specs` folder at or above the working folder.

    `allowed` are the paths outside of the repository that it may name. `inside` is where `given`
    has to lie unless a person named it.

    Raises:
        SpecError: there is none, or it isn't YAML.

    """
    shown = given or "specs"
    try:
        found = located(given, working, allowed=allowed, inside=inside)
    except OSError as error:
        raise SpecError([unreadable(shown, trouble_of(error))]) from None
    if found is None:
        reason = "no such folder here or in any parent folder"
        step = BELOW if _below(working) else "Run `assay init` to write one, or pass --spec."
        raise SpecError([unreadable(shown, FileTrouble("missing", reason, step))])
    if not found[1]:
        problem = rules.problem(rules.EMPTY, Location(file=shown), file=shown, advice="folder")
        raise SpecError([problem])
    return Found(*found)


BELOW = "There are specs in folders below: pass one with --spec."
"""The remedy in a folder above several projects."""


def _below(folder: str, depth: int = 3) -> bool:
    """Whether a folder not far below has specs of its own, as in a monorepo."""
    try:
        with os.scandir(folder) as entries:
            inner = [e for e in entries if e.is_dir(follow_symlinks=False) and e.name[0] != "."]
    except OSError:
        return False
    inner = [entry for entry in inner if entry.name != "node_modules"]
    if any(os.path.isdir(os.path.join(entry.path, "specs")) for entry in inner):
        return True
    return depth > 1 and any(_below(entry.path, depth - 1) for entry in inner)


def unreadable(file: str, trouble: FileTrouble) -> Finding:
    """A problem that says why a file can't be read."""
    values = {"file": file, "reason": trouble.reason, "step": trouble.remedy}
    return rules.problem(rules.UNREADABLE, Location(file=file), values)


def read_spec_file(path: str, shown: str, inside: tuple[str, ...]) -> bytes | Finding:
    """The content of one spec file, or the problem that it has."""
    content = read_bytes(path, limit=LARGEST, inside=inside, ending=ENDINGS)
    return unreadable(shown, content) if isinstance(content, FileTrouble) else content


def decode(content: bytes, shown: str) -> str | Finding:
    """UTF-8 text, with the place of the first byte that isn't."""
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        at = Location(file=shown, line=line, column=column)
        values = {"reason": "a byte that is not valid UTF-8", "step": "Save the file as UTF-8."}
        return rules.problem(rules.NOT_YAML, at, values)


def not_in_library(name: str, at: Location) -> Finding:
    """That `builtin:NAME` isn't in the library; all are listed only if none is similar."""
    known = library()
    near = closest(name, known)
    choice = f"Write `builtin:{near}`" if near else f"Use one of {', '.join(known)}"
    reason = f"assay's library has no such spec{hint(name, known)}"
    step = f"{choice}, or give a path that begins with `./`."
    values = {"name": f"builtin:{name}", "reason": reason, "step": step}
    return rules.problem(rules.IMPORT_MISSING, at, values)


def library() -> tuple[str, ...]:
    """The names of the specs that come with assay."""
    try:
        names = os.listdir(folder("specs"))
    except OSError:
        return ()
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))
