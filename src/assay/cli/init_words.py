"""What `assay init` says of the specs that it made, and what to do next."""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from assay.cli.init_database import proposed
from assay.discovery.platform import set_by_platform
from assay.discovery.reference import Need
from assay.discovery.table_writing import elsewhere
from assay.model import Outcome, Report, Severity
from assay.reporters.display import visible
from assay.words import listed, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.cli.streams import Streams
    from assay.discovery.draft import Draft

LOADERS = {
    "node": "dotenv",
    "node20": "Node.js",
    "dotenv-expand": "dotenv-expand",
    "dotenvx": "dotenvx",
    "next": "Next.js",
    "react-scripts": "react-scripts",
    "vite": "Vite",
    "nuxt": "Nuxt",
    "bun": "Bun",
    "python": "python-dotenv",
    "ruby": "dotenv for Ruby",
    "php": "phpdotenv",
    "symfony": "Symfony",
    "compose": "Docker Compose",
    "docker": "`docker run`",
    "shell": "a shell",
}
"""What the loader of each dialect is called."""
MOST = 5
"""How many notes of one kind are printed."""
DEFAULT = os.path.join("specs", "app.yaml")


class Made(NamedTuple):
    """A spec that was made, and what its checks say."""

    draft: Draft
    text: str
    path: str
    """Relative to the working folder."""
    report: Report
    beside: bool = False
    """Whether it only declares tables, because another spec declares the rest."""


def tell(made: Sequence[Made], allowed: Sequence[str], streams: Streams) -> None:
    """Say what was made, what was noticed, and which commands come next."""
    more = "".join(f" --allow-path {quote(path)}" for path in allowed)
    if made[0].beside:
        lines = [f"{made[0].path} written", *_databases(made[0].draft)]
        lines += ["", "next", f"  assay lint{more}"]
        streams.write("\n".join(map(visible, lines)) + "\n")
        return
    lines = [line for one in made for line in _told(one)]
    faulty = any(one.report.exit_code(fail_on=Severity.WARNING) for one in made)
    first = made[0]
    environment = next(iter(first.draft.survey.data), "development")
    lines += ["", "next"]
    inner = os.path.relpath(first.draft.survey.root)
    if len(made) == 1 and inner != os.curdir and first.path.endswith(DEFAULT):
        lines.append(f"  cd {quote(inner)}")
    empty = not any(one.draft.declared or one.draft.imports for one in made)
    copies = list(filter(None, (_copying(one, several=len(made) > 1) for one in made)))
    lines += copies
    if empty:
        lines.append(f"  declare your variables in {made[0].path}, as in `PORT: {{type: port}}`")
    elif len(made) > 1:
        lines.append(f"  assay check --all{more}")
    elif copies:
        lines.append(f"  assay check{more}")
    else:
        wrong, right = "see what is wrong and how to fix it", "before each start and deployment"
        what = wrong if faulty else right
        lines.append(f"  {f'assay check{more}':<43} {what}")
        start = f"assay run {environment}{more} -- {first.draft.survey.framework.start}"
        lines.append(f"  {start:<43} start if the checks pass")
    streams.write("\n".join(map(visible, lines)) + "\n")


def _copying(made: Made, *, several: bool) -> str:
    """How to make the file that a project lacks; empty if it lacks none."""
    found = made.draft.survey
    if not found.templates or found.shared in found.settings:
        return ""
    template = found.templates[0]
    folder = os.path.relpath(found.root) if several else ""
    paths = (os.path.normpath(os.path.join(folder, p.path)) for p in (template, template.copied))
    return f"  cp {' '.join(map(quote, paths))}, and fill it in"


def _told(made: Made) -> Iterator[str]:
    draft, found = made.draft, made.draft.survey
    declared = plural(draft.declared, "variable")
    over = f", {listed(draft.imports)} imported" if draft.imports else ""
    yield f"{made.path} written: {declared}{over}"
    if not draft.declared and not draft.imports:
        yield "  no .env file and no code that reads variables was found"
    for group in found.environments:
        given = [item["compose"] for item in found.data[group.name]["values"] if "compose" in item]
        there = [file.path for file in group.files if not file.absent]
        files = ", ".join([*there, *(one["path"] for one in given)])
        if not files:
            continue
        live = " (live)" if group.name in found.live else ""
        loader = LOADERS[found.framework.dialect]
        yield f"  {group.name}{live} reads {files}, as {loader} does"
    if found.templates:
        yield f"  examples were taken from {', '.join(file.path for file in found.templates)}"
    if found.code:
        names = plural(len(found.uses), "variable name")
        yield f"  {names} found in {plural(found.code, 'source file')}"
    yield from _databases(draft)
    if draft.secrets:
        yield f"  {plural(draft.secrets, 'secret')} recognised; none of their values was copied"
    if not draft.databases and (known := proposed(found, found.root)):
        option = f"`assay init --database {known[0]}`"
        points = "is" if os.path.exists(os.path.join(found.root, known[0])) else "points to"
        yield f"  {known[0]} {points} a database: {option} adds its tables"
    if found.hidden:
        yield f"  {plural(found.hidden, 'name')} left out because they look like parts of a secret"
    if found.settings:
        yield from _wanting(made)


def _databases(draft: Draft) -> Iterator[str]:
    for database in draft.databases:
        count = plural(len(database.tables.drafts) if database.tables else 0, "table")
        yield f"  {count} of {database.label}, as it is in {database.environment}"
        if database.tables and database.tables.elsewhere:
            yield f"  note: {elsewhere(database.tables)}"


def _wanting(made: Made) -> Iterator[str]:
    """Names that the code requires and no environment sets, and the number of findings."""
    found = made.draft.survey
    wanting = {
        name: use
        for name, uses in found.uses.items()
        for use in uses
        if use.reference.need is Need.DEMANDED
        and not found.set_in(name)
        and not set_by_platform(name)
    }
    for name, use in list(wanting.items())[:MOST]:
        given = [settings[name] for settings in found.settings.values() if name in settings]
        empty = dict.fromkeys(one.location.file for one in given if one.location is not None)
        unset = f"it is set to nothing in {listed(empty)}" if empty else "no .env file sets it"
        yield f"  note: {use.file}:{use.reference.line} requires {name}, but {unset}"
    if len(wanting) > MOST:
        yield f"  note: and {len(wanting) - MOST} more"
    unknown = sum(finding.outcome is Outcome.UNKNOWN for finding in made.report.findings)
    if count := len(made.report.failures(Severity.WARNING)) + unknown:
        yield f"  {plural(count, 'finding')}: run `assay check` for details"
    else:
        yield "  every environment passes"
