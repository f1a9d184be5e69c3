"""Searches the code of a project for the names that it reads from its environment."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from assay.discovery.env_schemas import schema_references
from assay.discovery.languages import PYTHON, language_of
from assay.discovery.lexing import lexed
from assay.discovery.python_code import python_references
from assay.discovery.reference import Need, Reference, Use
from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of
from assay.hygiene.naming import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.discovery.languages import Language

LARGEST = 1024 * 1024
"""Bytes. Larger files are made by machines."""
_MADE = ("MODE", "DEV", "PROD", "SSR", "BASE_URL")
"""What bundlers put into `import.meta.env` themselves."""
_TEST_FOLDERS = frozenset(
    ("__mocks__", "__tests__", "cypress", "e2e", "fixtures", "spec", "specs", "test", "testdata")
) | {"tests", "testing"}
_TEST_FILE = re.compile(
    r"(?:^test_|^conftest\.py$|[._-](?:test|spec)s?\.\w+$|(?:Test|Tests|Spec)\.\w+$)"
)
_TOOL_FOLDERS = frozenset(
    (
        *(".github", ".storybook", "bench", "benchmark", "benchmarks", "contrib", "demo", "demos"),
        *("docs", "example", "examples", "hack", "infra", "playground", "script", "scripts", "sdk"),
        *("sdks", "seeders", "seeds", "terraform", "tool", "tools"),
    )
)
_TOOL_PATH = re.compile(
    r"(?:^|/)(?:management/commands/|lib/tasks/"
    r"|(?:seeds?|setup|noxfile|fabfile|gulpfile|knexfile)\.\w+$|(?:Rake|Vagrant|Fast)file$"
    r"|(?!(?:app|astro|next|nuxt|remix|svelte|vite)\.)[\w.-]+\.config\.[cm]?[jt]s$)"
)
"""Programs beside the application, which are started by hand or by other tools."""


_CASTS = {
    "Number": "number",
    "new URL": "url",
    "parseInt": "lenient",
    "parseFloat": "lenient",
    **dict.fromkeys(("bool", "*bool", "strconv.ParseBool"), "boolean"),
    **dict.fromkeys(("float32", "float64"), "number"),
    **dict.fromkeys(("int", "int32", "int64", "uint", "uint32", "uint64"), "integer"),
    "strconv.Atoi": "integer",
    **dict.fromkeys(("time.Duration", "*time.Duration", "time.ParseDuration"), "duration"),
}
"""What code makes of a text, to the value type that it must then be of."""


class Searched(NamedTuple):
    """What a search found."""

    uses: tuple[Use, ...]
    files: int
    """How many files of code there are."""


def search(root: str, files: Iterable[str]) -> Searched:
    """Every reading in the given files, which are relative to `root`, in their order."""
    uses: list[Use] = []
    inside = inside_of(root)
    count = 0
    for file in files:
        language = language_of(file)
        if language is not None:
            count += 1
            text = _text(os.path.join(root, file), language, inside)
            uses += [Use(file, language.name, found) for found in references(text, language)]
    return Searched(tuple(uses), count)


def references(text: str, language: Language) -> list[Reference]:
    """Every reading of a name in a text, by line."""
    found = python_references(text) if language is PYTHON else None
    if found is None:
        found = list(_matched(text, language))
    unique = dict.fromkeys(one for one in found if _plausible(one.name, language))
    return sorted(unique, key=lambda one: (one.line, one.name))


def of_tests(file: str) -> bool:
    """Whether a file is there to test the application, and not a part of it."""
    *folders, base = file.split("/")
    return not _TEST_FOLDERS.isdisjoint(folders) or bool(_TEST_FILE.search(base))


def of_tools(file: str) -> bool:
    """Whether a file is a program of its own beside the application: what it needs, that needs."""
    return not _TOOL_FOLDERS.isdisjoint(file.split("/")[:-1]) or bool(_TOOL_PATH.search(file))


def _text(path: str, language: Language, inside: tuple[str, ...]) -> str:
    """A file's text; empty if it can't read a variable at all."""
    data = read_bytes(path, limit=LARGEST, inside=inside)
    if isinstance(data, FileTrouble) or b"\0" in data[:8192]:
        return ""
    if not any(hint.encode() in data for hint in language.hints):
        return ""
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _matched(text: str, language: Language) -> Iterator[Reference]:
    code = lexed(text, language.lexis)
    set_here = language.assigned.findall(code.text) if language.assigned else ()
    own = {name for groups in set_here for name in groups}
    validated = list(schema_references(code)) if language.name == "javascript" else []
    yield from validated
    told = {one.name for one in validated}
    for pattern in language.patterns:
        for match in pattern.finditer(code.text):
            if code.quoted[match.start()]:
                continue
            line = code.text.count("\n", 0, match.start()) + 1
            groups = match.groupdict()
            if "names" in groups:
                yield from _taken_apart(groups["names"] or "", line)
            elif groups["name"] not in own:
                one = _reference(groups, line)
                if one.need is not Need.UNKNOWN or one.name not in told:  # handed to the schema
                    yield one


def _reference(groups: dict[str, str | None], line: int) -> Reference:
    default = groups.get("default") or ""
    if default[:1] in ('"', "'", "`"):
        default = default[1:-1]
    need = Need.UNKNOWN
    if any(groups.get(group) is not None for group in ("optional", "optional2", "default")):
        need = Need.OPTIONAL
    elif any(groups.get(group) is not None for group in ("demanded", "demanded2")):
        need = Need.DEMANDED
    hint = _CASTS.get(groups.get("cast") or "", "")
    return Reference(groups["name"] or "", line, need, default or None, hint)


def _taken_apart(names: str, line: int) -> Iterator[Reference]:
    """The names of `{ A, B: b, C = "1" }`."""
    for part in names.split(","):
        found = re.match(
            r"\s*([A-Za-z_]\w*)\s*(?::\s*\w+\s*|\s+as\s+\w+\s*)?(=\s*(.*))?\s*$", part, re.DOTALL
        )
        if found:
            at = line + names[: names.find(part)].count("\n")
            at += len(part[: found.start(1)]) and part[: found.start(1)].count("\n")
            literal = re.fullmatch(
                r"""["'`]([^"'`$\\]*)["'`]|(-?\d+|true|false)""", (found[3] or "").strip()
            )
            default = (literal[1] or literal[2]) if literal else None
            need = Need.OPTIONAL if found[2] else Need.UNKNOWN
            yield Reference(found[1], at, need, default)


def _plausible(name: str, language: Language) -> bool:
    """Whether a name can be one of the environment's, and may be shown."""
    if language.name in ("shell", "compose") and not (name.isupper() and len(name) > 1):
        return False
    if language.name == "javascript" and name in _MADE:
        return False
    return shown(name) == name and name.replace("_", "").isalnum() and not name[0].isdigit()
