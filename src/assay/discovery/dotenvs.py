"""Finds a project's .env files, and infers from their names what they are for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from assay.discovery import instructions
from assay.hygiene.naming import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.discovery.compose_files import BuiltService

ENVIRONMENTS = {
    **dict.fromkeys(("dev", "devel", "develop", "development"), "development"),
    **dict.fromkeys(("prod", "production", "live"), "production"),
    **dict.fromkeys(("test", "testing", "tests"), "test"),
    **dict.fromkeys(("stage", "staging", "stg"), "staging"),
    **{w: w for w in ("ci", "demo", "docker", "preview", "preprod", "qa", "sandbox", "uat")},
}
"""What environments are called, to the names that specs give them."""
ORDER = ("development", "test", "ci", "qa", "uat", "preview", "staging", "preprod", "production")
_TEMPLATES = frozenset(
    ("dist", "default", "defaults", "example", "sample", "schema", "template", "tpl")
)
_FOREIGN = frozenset(
    (
        *("age", "asc", "bak", "backup", "bck", "enc", "encrypted", "gpg", "keys", "lock", "me"),
        *("old", "orig", "previous", "rej", "save", "sops", "swo", "swp", "tmp", "vault", "json"),
        *("d", "js", "ts", "py", "rb", "php", "go", "yaml", "yml", "md", "sh", "toml", "txt"),
        "zip",
    )
)
"""Ends of names of files that aren't .env files, or not to be read."""
_ASIDE = frozenset(
    (
        *("__tests__", "docs", "example", "examples", "fixtures", "samples", "spec", "specs"),
        *("template", "templates", "test", "testdata", "tests"),
    )
)
"""Folders whose .env files are not those of the application."""
_HOLDERS = frozenset(
    (".env", ".envs", "config", "configs", "deploy", "docker", "env", "environments", "envs")
)
"""Folders that hold the .env files of the service in the folder above."""


class DotenvPath(NamedTuple):
    """One .env file, and what its name says."""

    path: str
    """Relative to the root, with `/`."""
    service: str
    """The folder of the service that it belongs to; empty for the root."""
    environment: str
    """The environment that it is for; empty if it is for all, or for the only one."""
    local: bool
    """Whether it is one of a laptop's own, that no other machine has."""
    template: bool
    """Whether it shows which names to set, and holds no values that count."""
    absent: bool = False
    """Whether it does not exist yet, though the project's loader would read it."""
    target: str = ""
    """The name of the file that people should copy a template to, if the project documents one."""

    @property
    def copied(self) -> DotenvPath:
        """The file that one copies a template to: `.env.local` for `.env.local.example`."""
        folder, slash, base = self.path.rpartition("/")
        if self.target:
            path = folder + slash + self.target
            return self._replace(path=path, template=False, absent=True, target="")
        words = [part for part in _parts(base.lower()) or () if part not in _TEMPLATES]
        if base.lower().endswith(".env") and words:
            name = ".".join((*([""] if base[0] == "." else []), *words, "env"))
        else:
            name = ".".join(("", "env", *words))
        path = folder + slash + name
        return self._replace(path=path, template=False, absent=True)


def find(files: Iterable[str]) -> list[DotenvPath]:
    """The .env files among a project's files, in the order of their paths."""
    return sorted(filter(None, map(classified, files)))


def directed(files: Iterable[DotenvPath], root: str) -> list[DotenvPath]:
    """The files, with the file that the project documents as the copy of each template."""
    heard: dict[str, dict[str, str]] = {}
    found = []
    for file in files:
        folder, slash, base = file.path.rpartition("/")
        if file.template and folder not in heard:
            heard[folder] = dict(reversed(list(instructions.told(root, folder))))
        target = heard.get(folder, {}).get(base, "") if file.template else ""
        meant = classified(folder + slash + target) if target else None
        if meant is not None and not meant.template:
            file = file._replace(  # noqa: PLW2901
                environment=meant.environment, local=meant.local, target=target
            )
        found.append(file)
    return found


def classified(path: str) -> DotenvPath | None:
    """What a file's name says; None if it isn't a .env file of the application."""
    *folders, base = path.split("/")
    parts = _parts(base.lower())
    if parts is None or not _ASIDE.isdisjoint(folders) or (parts and parts[-1] in _FOREIGN):
        return None
    environment = _environment("-".join(p for p in parts if p not in _TEMPLATES and p != "local"))
    while folders and (folders[-1] in _HOLDERS or folders[-1].lstrip(".") in ENVIRONMENTS):
        last = folders.pop().lstrip(".")
        environment = environment or ENVIRONMENTS.get(last, "")
    if environment is None:
        return None
    template = not _TEMPLATES.isdisjoint(parts)
    return DotenvPath(path, "/".join(folders), environment, "local" in parts, template)


def _parts(base: str) -> list[str] | None:
    """The words of a name beside `.env`; None if it isn't such a name."""
    if base == ".env" or (base.startswith((".env.", ".env-", ".env_")) and base[-1] != "~"):
        return [part for part in re.split(r"[._-]", base[4:]) if part]
    if re.fullmatch(r"env\.(example|sample|template|dist)", base):
        return [base[4:]]
    if base.endswith(".env") and len(base) > 4:
        return [part for part in re.split(r"[._-]", base[:-4]) if part and part != "env"]
    return None


def _environment(word: str) -> str | None:
    """The environment that a word means; None if it is not a word that may be shown."""
    if word in ENVIRONMENTS or not word:
        return ENVIRONMENTS.get(word, "")
    plain = re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", word)
    return word if plain and shown(word) == word else None


class Grouped(NamedTuple):
    """One environment: its files in the order in which they are read, later ones winning."""

    name: str
    files: tuple[DotenvPath, ...]


def wired(files: Sequence[DotenvPath], wiring: Iterable[Sequence[str]]) -> tuple[DotenvPath, ...]:
    """The files that one service of Compose reads together, in its order; empty if none does.

    One file alone says nothing that its name does not say.
    """
    real = {file.path: file for file in files if not file.template}
    for paths in wiring:
        found = dict.fromkeys(real[path] for path in paths if path in real)
        environments = {file.environment for file in found} & set(ORDER)
        if len(found) > 1 and len(environments) < 2:
            return tuple(found)
    return ()


def ranked(files: Iterable[DotenvPath]) -> tuple[DotenvPath, ...]:
    """The templates among files: that of the whole application first, then by environment."""
    templates = [file for file in files if file.template]
    return tuple(sorted(templates, key=_precedence_of_templates))


def _precedence_of_templates(file: DotenvPath) -> tuple[object, ...]:
    rank = _rank(file.environment)
    return (*rank, not file.target, file.local, len(file.path), file)


def awaited(
    files: Sequence[DotenvPath],
    templates: Sequence[DotenvPath],
    *,
    base: str,
    layered: bool,
    usual: bool,
) -> list[DotenvPath]:
    """The files that the loader reads once somebody makes them; `base` is their folder.

    That is `.env` if it is `usual`, whether or not anything shows that it will exist.
    """
    there = {file.path for file in files}
    shared = [file.copied for file in templates[:1]]
    names = (".env", ".env.local") if layered else (".env",) if usual else ()
    shared += [
        DotenvPath(base + name, "", "", name != ".env", template=False, absent=True)
        for name in names
    ]
    return [file for path, file in {f.path: f for f in shared}.items() if path not in there]


def given(files: Sequence[DotenvPath], programs: Iterable[BuiltService]) -> Iterator[Grouped]:
    """The environments of programs, each with the files that Compose gives it."""
    there = {file.path: file for file in files if not file.template}
    for program in programs:
        absent = DotenvPath("", "", "", local=False, template=False, absent=True)
        named = (there.get(path, absent._replace(path=path)) for path in program.files)
        yield Grouped(program.name, tuple(named))


def grouped(
    files: Sequence[DotenvPath],
    *,
    layered: bool,
    local_wins: bool = True,
    wired: tuple[DotenvPath, ...] = (),
    shared: str = "development",
) -> list[Grouped]:
    """The environments that a service's files make.

    If the framework is `layered`, `.env` holds for all of them and each has its own file above
    it, as in Next.js, Vite, Rails and dotenv-flow; `.env.local` is read on laptops only, and not in
    tests. It wins there in Next.js, Expo and Rails (`local_wins`), not in Vite or dotenv-flow.
    Elsewhere each file stands alone, and `.env` is the one of development. Files that are `wired`
    together make one environment, whatever their names say.
    """
    real = [file for file in files if not file.template]
    common = [file for file in real if not file.environment]
    names = {file.environment for file in real if file.environment}
    if common or (layered and not names):
        names.add(shared)

    def precedence(file: DotenvPath) -> tuple[bool, bool, str]:
        levels = file.local, bool(file.environment)
        return (*(levels if local_wins else levels[::-1]), file.path)

    made = []
    if wired:
        told = [file.environment for file in wired if file.environment in ORDER]
        made.append(Grouped(told[0] if told else "development", wired))
        names.discard(made[0].name)
    for name in sorted(names, key=_rank):
        own = [file for file in real if file.environment == name]
        below = [f for f in common if name == shared or (layered and not f.local)]
        if name != shared:
            own = [f for f in own if not f.local or layered] or own
        made.append(Grouped(name, tuple(sorted({*own, *below}, key=precedence))))
    return [group for group in made if group.files]


def _rank(name: str) -> tuple[int, str]:
    if not name:
        return (-1, name)
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)
