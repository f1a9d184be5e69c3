"""Finds the databases for `assay init --database`, and reads their structure."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from assay.api import load
from assay.databases.model import StructureOf
from assay.discovery.table_writing import DatabaseDraft
from assay.discovery.tables import tables_of
from assay.discovery.tree import walk
from assay.errors import SpecError, UnobservedError, UsageError
from assay.facts import Secret, Setting, State, Unobservable
from assay.gate import inside_of, opened, word
from assay.model import Outcome
from assay.runs import Run
from assay.spec.discovery import yaml_files
from assay.spec.loader import load_text
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assay.discovery.survey import Survey

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DATABASES = re.compile(
    r"(?:postgres(?:ql)?|mysql|mariadb|sqlite|mssql|oracle|cockroachdb)(?:\+\w+)?:", re.IGNORECASE
)
_PROJECT = re.compile(r"https://[a-z0-9]+\.supabase\.(?:co|in)(?:/|$)")
_KEYS = (re.compile(r"SUPABASE.*SERVICE.*KEY|SUPABASE.*SECRET.*KEY"), re.compile(r"SUPABASE.*KEY"))
"""Names of keys for a Supabase project, the most privileged first."""


def proposed(found: Survey, folder: str = "") -> list[str]:
    """What `--database` accepts here: variables with database URLs, otherwise SQLite files.

    Files are searched for in `folder`, if it isn't empty.
    """
    names = dict.fromkeys(name for settings in found.settings.values() for name in settings)
    known = [name for name in names if any(map(_DATABASES.match, found.values(name)))]
    known += [name for name in names if any(map(_PROJECT.match, found.values(name)))]
    return known or [path for path in (walk(folder) if folder else ()) if _is_file(folder, path)]


def _is_file(folder: str, path: str) -> bool:
    """Whether a file is a SQLite database, by its first bytes."""
    if not path.endswith((".db", ".sqlite", ".sqlite3")):
        return False
    try:
        descriptor = opened(os.path.abspath(os.path.join(folder, path)), inside_of(folder))
        with open(descriptor, "rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def stands_beside(path: str) -> bool:
    """Whether a file goes into a folder that already contains specs."""
    folder, name = os.path.split(os.path.abspath(path))
    if os.path.basename(folder) != "specs" or not os.path.isdir(folder):
        return False
    return any(other != name for other in yaml_files(folder, folder, inside_of(folder)))


def declared_live(found: Survey, allowed: Sequence[str]) -> frozenset[str]:
    """The environments with real users: also those that the project's present spec calls live.

    One is that too if it reads a file that only live ones read.
    """
    try:
        present = load(os.path.join(found.root, "specs"), allow_paths=allowed).environments
    except SpecError:
        return frozenset(found.live)
    files = {
        live: {source.label for e in present.values() if e.live is live for source in e.values}
        for live in (True, False)
    }
    own = files[True] - files[False]
    reading = {
        group.name for group in found.environments if any(file.path in own for file in group.files)
    }
    named = {name for name, environment in present.items() if environment.live}
    return frozenset((*found.live, *reading, *named))


def databases(
    named: Sequence[str], found: Survey, live: Collection[str], *, insisted: bool = False
) -> list[DatabaseDraft]:
    """The databases that the options name, before they are read.

    `live` are the environments with real users, which are looked at only if somebody `insisted`.

    Raises:
        UsageError: one is neither a variable of an environment nor a file, or is a live one.

    """
    drafts: list[DatabaseDraft] = []
    for given in dict.fromkeys(named):
        environment, backend, label = _backend(given, found, live)
        if environment in live and not insisted and "sqlite" not in backend:
            raise UsageError(
                f"{given} is set in {environment} only, whose users are real",
                f"Set {given} for an environment without real users, or pass --live to read the "
                f"tables of the live database.",
            )
        taken = {draft.name for draft in drafts}
        drafts.append(DatabaseDraft(_called(given, taken), backend, label, environment))
    return drafts


def with_process(named: Sequence[str], found: Survey, process: Mapping[str, str]) -> Survey:
    """The project plus those of the named variables that only the process sets."""
    wanted = [name for name in named if process.get(name) and not found.set_in(name)]
    if not wanted:
        return found
    environment = next((e for e in found.data if e not in found.live), "development")
    given = dict(found.data.get(environment, {}))
    given["values"] = [*given.get("values", ()), "process"]
    own = {
        name: Setting(state=State.READABLE, value=Secret(process[name]), source="the process")
        for name in wanted
    }
    settings = {**found.settings.get(environment, {}), **own}
    data = {**found.data, environment: given}
    return found._replace(data=data, settings={**found.settings, environment: settings})


def _backend(given: str, found: Survey, live: Collection[str]) -> tuple[str, dict[str, Any], str]:
    if _URL.match(given):
        raise UsageError(
            "--database takes the name of a variable, never a URL",
            "Set a variable to the URL in a .env file, then name it: `--database DATABASE_URL`.",
        )
    environment = _setting_it(given, found, live)
    if environment:
        value = (found.settings[environment][given].text or "").strip()
        if value.startswith(("http://", "https://")):
            key = _key(given, found.settings[environment])
            return environment, {"supabase": {"url": given, "key": key}}, f"the project of {given}"
        return environment, {"sql": {"url": given}}, f"the database of {given}"
    path = os.path.normpath(given)
    if os.path.isfile(os.path.join(found.root, path)) and not os.path.isabs(path):
        first = next(iter(found.data), "development")
        return first, {"sqlite": {"path": path.replace(os.sep, "/")}}, path
    names = dict.fromkeys(name for settings in found.settings.values() for name in settings)
    known = ", ".join(proposed(found))
    raise UsageError(
        f"--database {given} is neither a variable that a .env file or the process sets nor a file"
        f"{hint(given, names)}",
        f"Name one of {known}." if known else "Set it in a .env file or the process first.",
    )


def _setting_it(name: str, found: Survey, live: Collection[str]) -> str:
    """The environment to use: preferably one without real users."""
    having = [e for e in found.set_in(name) if found.settings[e][name].text]
    return next((e for e in having if e not in live), having[0] if having else "")


def _key(url: str, settings: Mapping[str, Setting]) -> str:
    for pattern in _KEYS:
        for name, setting in settings.items():
            if name != url and setting.text and pattern.search(name):
                return name
    raise UsageError(
        f"{url} is the URL of a data API, but no key for it is set in the same environment",
        "Set SUPABASE_SERVICE_ROLE_KEY there, or name a variable with a database URL.",
    )


def _called(given: str, taken: set[str]) -> str:
    if not taken:
        return "main"
    stem = os.path.splitext(os.path.basename(given))[0].lower()
    name = re.sub(r"_?(?:database|db)?_?ur[li]$", "", re.sub(r"[^a-z0-9]+", "_", stem)).strip("_")
    unique, number = name or "second", 1
    while unique in taken:
        number += 1
        unique = f"{name or 'second'}_{number}"
    return unique


def asked(
    drafts: Sequence[DatabaseDraft], text: str, root: str, process: Mapping[str, str]
) -> list[DatabaseDraft]:
    """The databases with their structure; `text` is a spec that declares them.

    Raises:
        UnobservedError: one can't be read.

    """
    inside = inside_of(root)
    files = [draft.backend["sqlite"]["path"] for draft in drafts if "sqlite" in draft.backend]
    named = [p for file in files for p in word(os.path.join(root, file), inside, os.getcwd())]
    spec = load_text(text.encode(), root, allowed=named)
    made = []
    for draft in drafts:
        with Run(spec, process=process) as run:
            for finding in run.check([draft.environment], only=[draft.name]).findings:
                if finding.kind == "database" and finding.outcome is not Outcome.PASS:
                    raise UnobservedError(finding.message, finding.remedy or _STEP)
            answer = run.ask(StructureOf(draft.environment, draft.name))
        if isinstance(answer, Unobservable):
            reason = f"the tables of {draft.label} can't be read: {answer.reason}"
            raise UnobservedError(reason, answer.remedy or _STEP)
        made.append(draft._replace(tables=tables_of(answer)))
    return made


_STEP = "Fix the connection, or remove `--database`."
