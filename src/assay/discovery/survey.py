"""Everything that is known of a project before it has a spec."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from assay import dotenv
from assay.discovery import compose_files, dotenvs
from assay.discovery.code import of_tests, of_tools, search
from assay.discovery.dotenvs import Grouped
from assay.discovery.framework import Framework, framework_of
from assay.discovery.languages import BY_EXTENSION
from assay.discovery.notes import Note, notes
from assay.discovery.prose import is_word
from assay.discovery.reference import Need
from assay.discovery.tree import code_files, walk
from assay.discovery.vocabulary import KNOWN
from assay.facts import Listing, Setting, State
from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of
from assay.hygiene.naming import shown
from assay.probes.environment import EnvironmentProbe
from assay.sources.base import World
from assay.sources.dotenv_file import LARGEST
from assay.spec.environments import parse_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assay.discovery.dotenvs import DotenvPath
    from assay.discovery.reference import Use

DEVELOPMENT = "development"
_MENTIONED = re.compile(r"\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=")
_REFERRED = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_APPLICATION = frozenset(
    language.name for language in BY_EXTENSION.values() if language.application
) | {"compose", "spring"}


class Survey(NamedTuple):
    """A project as it was found."""

    root: str
    framework: Framework
    environments: tuple[Grouped, ...]
    shared: str
    """The environment whose file the template of the whole application is copied to."""
    data: Mapping[str, Any]
    """The environments as a spec declares them."""
    templates: tuple[DotenvPath, ...]
    """The one that shows what the whole application needs first."""
    offered: Mapping[str, Setting]
    """How the file would set names that is copied from the templates; empty without any."""
    settings: Mapping[str, Mapping[str, Setting]]
    """Environment, then name, to how it is set there."""
    written: Mapping[str, tuple[Note, ...]]
    """Name to what each file says of it, templates first; in the order of the files."""
    mentioned: tuple[str, ...]
    """Names that a template gives in a comment only."""
    uses: Mapping[str, tuple[Use, ...]]
    """Name to where the application reads it."""
    code: int
    """How many files of code were searched."""
    hidden: int
    """How many names were left out, since they look like pieces of secrets."""
    unread: Mapping[str, str]
    """The .env files that could not be read, and why."""

    def values(self, name: str) -> list[str]:
        """The values of a name in all environments, without empty ones."""
        texts = (s[name].text for s in self.settings.values() if name in s)
        return [text for text in texts if text]

    def set_in(self, name: str) -> list[str]:
        """The environments that set a name to something."""
        return [e for e, s in self.settings.items() if name in s and _given(s[name])]

    @property
    def outlook(self) -> Mapping[str, Mapping[str, Setting]]:
        """The settings, with those of a file that is still to be copied from a template."""
        missing = self.templates and self.shared not in self.settings
        return {**self.settings, **({self.shared: self.offered} if missing else {})}

    def will_be_set_in(self, name: str) -> list[str]:
        """The environments that set a name to something, once the template is copied."""
        return [e for e, s in self.outlook.items() if name in s and _given(s[name])]

    @property
    def programs(self) -> list[str]:
        """The environments that are programs of their own, each with its own variables."""
        own = (program.name for program in self.framework.programs)
        return [name for name in own if self.shared != DEVELOPMENT]

    @property
    def live(self) -> tuple[str, ...]:
        """The environments with real users."""
        return tuple(name for name, given in self.data.items() if given.get("live"))


def services(root: str) -> dict[str, list[DotenvPath]]:
    """The .env files below a folder by the service that they belong to, the root's own first."""
    found: dict[str, list[DotenvPath]] = {}
    for file in dotenvs.directed(dotenvs.find(walk(root)), root):
        found.setdefault(file.service, []).append(file)
    return dict(sorted(found.items()))


def survey(  # noqa: PLR0913 - what is looked at, and by which light
    folder: str,
    root: str,
    files: Sequence[DotenvPath],
    *,
    top: str,
    without: Sequence[str] = (),
    dialect: str | None = None,
    process: Mapping[str, str],
    allowed: tuple[str, ...] = (),
) -> Survey:
    """What a project is made of.

    Args:
        folder: the project's folder, whose code is searched.
        root: the folder that the spec's paths are relative to.
        files: its .env files, relative to the root.
        top: the folder up to which manifests are looked for.
        without: folders below its folder that belong to other projects.
        dialect: the loader of the .env files; by what the project is made with by default.
        process: the variables that loaders expand with.
        allowed: files and folders outside the repository that may be read.

    """
    searched = search(folder, code_files(folder, without=frozenset(without)))
    own = [use for use in searched.uses if use.language in _APPLICATION and not of_tests(use.file)]
    framework = framework_of(folder, top, Counter(use.language for use in own))
    programs = framework.programs if _base(folder, root) == "" else ()
    wired = () if programs else dotenvs.wired(files, framework.wiring)
    templates = dotenvs.ranked(files)
    read_by = "compose" if wired else _expanding(framework.dialect, templates, root, allowed)
    framework = framework._replace(dialect=dialect or read_by)
    programs = programs if framework.dialect == "compose" else ()
    own += () if programs else filter(_told, compose_files.passed_on(folder))
    own_files = (
        []
        if wired
        else dotenvs.awaited(
            files,
            templates,
            base=_base(folder, root),
            layered=framework.layered,
            usual=framework.reads_env and not files and not programs,
        )
    )
    others = [*(file for file in files if file not in wired), *own_files]
    usual = templates[0].copied.path if templates else ".env"
    reading = (program.name for program in programs if usual in program.files)
    shared = next(reading, "compose") if programs else DEVELOPMENT
    environments = (
        *dotenvs.given(others, programs),
        *dotenvs.grouped(
            [file for file in others if not any(file.path in p.files for p in programs)],
            layered=framework.layered,
            local_wins=framework.local_wins,
            wired=wired,
            shared=shared,
        ),
    )
    data = {g.name: _environment(g, framework, sure=bool(files)) for g in environments}
    for program in programs:
        source = {"path": program.path, "service": program.name}
        data[program.name]["values"].append({"compose": source})
    world = World(root=root, allowed=allowed, process=process)
    there = {p.name for p in programs} | {g.name for g in environments if _exists(g)}
    listed = _listings({name: given for name, given in data.items() if name in there}, world)
    settings = {n: _declarable(all_) for n, all_ in listed.items()}
    hidden = {n for name, all_ in listed.items() for n in all_.keys() - settings[name].keys()}
    offered = _offered(templates, framework, world)
    for name, given in data.items():
        if name == "production" or not files:  # what it is started with wins over all files
            given["values"].append("process")
    real = (file for group in environments for file in group.files if not file.absent)
    written: dict[str, tuple[Note, ...]] = {}
    mentioned: dict[str, None] = {}
    unread: dict[str, str] = {}
    for file in dict.fromkeys((*templates, *real)):
        content = read_bytes(
            os.path.join(root, file.path), limit=LARGEST, inside=inside_of(root, allowed)
        )
        if isinstance(content, FileTrouble):
            unread[file.path] = f"{content.reason}. {content.remedy}"
            continue
        document = dotenv.parse(content, framework.dialect)
        for name, note in notes(document).items():
            if declarable(name, note.value):
                told = note if file.template else note._replace(value=None)
                written[name] = (*written.get(name, ()), told)
        if file.template:
            found = (_MENTIONED.match(text) for _, text in document.comments)
            mentioned.update((m[1], None) for m in found if m and _nameable(m[1]))
            values = " ".join(entry.value or "" for entry in document.entries)
            mentioned.update((n, None) for n in _REFERRED.findall(values) if _nameable(n))
    uses: dict[str, tuple[Use, ...]] = {}
    for use in sorted(_its_own(own, framework), key=lambda use: use.reference.name):
        uses[use.reference.name] = (*uses.get(use.reference.name, ()), use)
    return Survey(
        root, framework, environments, shared, data, templates, offered, settings, written,
        tuple(name for name in mentioned if name not in written), uses, searched.files, len(hidden),
        unread,
    )  # fmt: skip


def _told(use: Use) -> bool:
    """Whether a name that a Compose file gives may be shown."""
    return declarable(use.reference.name, None)


def _expanding(
    dialect: str, templates: Sequence[DotenvPath], root: str, allowed: tuple[str, ...]
) -> str:
    """The dialect, with expansion if a template sets a name to another one of its own."""
    for file in templates if dialect == "node" else ():
        content = read_bytes(
            os.path.join(root, file.path), limit=LARGEST, inside=inside_of(root, allowed)
        )
        if not isinstance(content, FileTrouble):
            entries = dotenv.parse(content, dialect).entries
            named = {f"${{{entry.key}}}" for entry in entries}
            if any(name in (entry.value or "") for entry in entries for name in named):
                return "dotenv-expand"
    return dialect


def _its_own(uses: Sequence[Use], framework: Framework) -> Iterator[Use]:
    """The uses, with the demands of other programs than the application taken for wishes."""
    spoken = any(use.language == framework.language for use in uses)
    for use in uses:
        foreign = of_tools(use.file) or (spoken and use.language != framework.language)
        if use.language == "compose":  # it demands what its own containers need
            foreign = "/" in use.file or framework.dialect != "compose"
        if foreign and use.reference.need is Need.DEMANDED:
            yield use._replace(reference=use.reference._replace(need=Need.UNKNOWN))
        else:
            yield use


def declarable(name: str, value: str | None) -> bool:
    """Whether a spec may name a variable of a file: programs can read it, and it isn't secret.

    A name without a value may be a line of a passphrase that lost its quotes.
    """
    words = re.split(r"[0-9]*[_.-]+", name.lower().rstrip("0123456789"))
    odd = name.islower() or name[-1:].isdigit()
    stray = not value and odd and len(name) > 7 and not KNOWN.issuperset(words)
    return _nameable(name) and not stray


def _nameable(name: str) -> bool:
    """Whether programs can read a name, and none of its parts may be one of a secret.

    Names are in upper case or in lower; of others only those are taken that words make.
    """
    if shown(name) != name or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", name):
        return False
    parts = re.split(r"[_.-]+", name)
    if name.isupper():
        return all(len(part) < 8 or part.rstrip("0123456789").isalpha() for part in parts)
    return all(is_word(part) and not _odd(part) for part in parts)


def _odd(part: str) -> bool:
    """Whether digits follow small letters that aren't a usual word: the last line of a key may."""
    stem = part.rstrip("0123456789")
    return len(part) >= 8 and stem != part and stem.lower() not in KNOWN


def _given(setting: Setting) -> bool:
    return setting.state not in (State.EMPTY, State.MISSING)


def _exists(group: Grouped) -> bool:
    return any(not file.absent for file in group.files)


def _base(folder: str, root: str) -> str:
    """What paths in a project's folder begin with."""
    relative = os.path.relpath(folder, root).replace(os.sep, "/")
    return "" if relative == os.curdir else relative + "/"


def _listings(data: Mapping[str, Any], world: World) -> dict[str, Mapping[str, Setting]]:
    """What each environment sets."""
    probe = EnvironmentProbe({n: parse_environment(given) for n, given in data.items()}, world)
    found: dict[str, Any] = {name: probe([Listing(name)])[Listing(name)] for name in data}
    return found


def _declarable(settings: Mapping[str, Setting]) -> Mapping[str, Setting]:
    return {name: one for name, one in settings.items() if declarable(name, one.text)}


def _offered(
    templates: Sequence[DotenvPath], framework: Framework, world: World
) -> Mapping[str, Setting]:
    """What a template of the whole application sets; what all set if each is for a part of it.

    So it is if one is for laptops, unless the project documents which one to copy.
    """
    plain = [file for file in templates if not file.environment]
    chosen = plain[:1] if plain and plain[0].target else plain or templates
    data = {file.path: _environment(Grouped("", (file,)), framework) for file in chosen}
    first, *others = map(_declarable, _listings(data, world).values()) if data else ({},)
    shared = [{name for name, one in other.items() if _given(one)} for other in others]
    return {name: one for name, one in first.items() if all(name in names for names in shared)}


def _environment(group: Grouped, framework: Framework, *, sure: bool = True) -> dict[str, Any]:
    only = sure and len(group.files) == 1 and not framework.layered
    values = [{"dotenv": _source(file, framework, only=only)} for file in group.files]
    return {**({"live": True} if group.name == "production" else {}), "values": values}


def _source(file: DotenvPath, framework: Framework, *, only: bool) -> dict[str, Any]:
    parameters: dict[str, Any] = {"path": file.path, "dialect": framework.dialect}
    shared = framework.layered and not file.environment
    if file.local or shared or (file.absent and not only):
        parameters["optional"] = True
    read = re.search(
        rf"env_file:[^\n]*(?:\n\s*-[^\n]*)*?{re.escape(file.path)}(?=[\s\"'\]]|$)",
        framework.compose,
    )
    if read and framework.dialect != "compose":
        parameters["also-read-by"] = ["compose"]
    return parameters
