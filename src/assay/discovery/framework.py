"""What kind of project a folder holds, and so which loader reads its .env files."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.discovery import compose_files
from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from assay.discovery.compose_files import BuiltService

_LARGEST = 4 * 1024 * 1024
_LAYERED = frozenset(
    (
        *("@react-router/dev", "@sveltejs/kit", "@vue/cli-service", "astro", "dotenv-flow"),
        *("expo", "next", "parcel", "react-scripts", "vite"),
    )
)
_ALONE = frozenset(("gatsby", "nuxt", "nuxt3"))
"""Frameworks that read one file alone, whatever else a project needs."""
_LOCAL_WINS = frozenset(("expo", "next", "react-scripts"))
"""Those of the layered ones for which `.env.local` wins over `.env.production`."""
_MARKS = ("artisan", "manage.py", "config/application.rb", "prisma/schema.prisma")
"""Files that only projects of one framework have."""
_RELEASE = re.compile(r"\d+|beta")
"""The first number of a version, whatever stands before it."""
_LISTS = ("composer.json", "Gemfile", "Pipfile", "pyproject.toml", "requirements.txt", "setup.cfg")
"""Manifests of which only the names of packages matter."""
_PYTHON = ("pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile", "manage.py")
_LOADERS = {
    "next": ("next",),
    "nuxt": ("nuxt", "nuxt3"),
    "react-scripts": ("react-scripts", "@vue/cli-service"),
    "vite": ("vite", "astro", "@sveltejs/kit", "@react-router/dev", "expo"),
    "dotenvx": ("@dotenvx/dotenvx",),
    "dotenv-expand": ("dotenv-cli", "dotenv-expand"),
    "node": ("dotenv",),
}
"""Dialects to the packages whose loader reads so; the first that a project needs counts."""
_SYMFONY = frozenset(("symfony/dotenv", "symfony/framework-bundle"))
_READERS = frozenset(
    (
        *("@nestjs/config", "django-environ", "dotenv", "dotenv-cli", "dotenv-expand", "environs"),
        *("pydantic-settings", "python-decouple", "python-dotenv", "vlucas/phpdotenv"),
    )
)
"""Packages that read `.env` where an application starts."""
_BUN = ("bun.lock", "bun.lockb", "bunfig.toml")
_MANIFESTS = {
    "php": ("composer.json",),
    "python": _PYTHON,
    "ruby": ("Gemfile",),
    # godotenv is what Compose's own reader was made of
    "compose": ("go.mod",),
    "node": ("package.json",),
}
_OTHERS = ("Cargo.toml",)
"""Manifests of languages that read `.env` themselves, with no dialect of their own here."""
_DOTENV_CLI = re.compile(r"\bdotenv (?:-|--|\S+ --)")
_SPOKEN = {"go": "compose", "javascript": "node", "python": "python", "ruby": "ruby"}
"""Languages to the dialects that their programs read."""
_SPEAKING = {dialect: language for language, dialect in _SPOKEN.items()}


class Framework(NamedTuple):
    """How a project reads its files."""

    dialect: str
    layered: bool
    """Whether `.env` lies below the files of each environment."""
    local_wins: bool
    """Whether `.env.local` lies above the files of each environment."""
    compose: str
    """The text of its Compose files, if it has any."""
    wiring: tuple[tuple[str, ...], ...]
    """The .env files of each service of Compose, in their order."""
    programs: tuple[BuiltService, ...]
    """What Compose builds of the project and gives variables to."""
    name: str
    """The project's name by its manifest, else its folder's."""
    start: str
    """A command that starts it."""
    language: str
    """The language of its application by its manifest; empty if it isn't known."""
    needed: frozenset[str]
    """The packages that it depends on, and the files of frameworks in its folder."""

    @property
    def reads_env(self) -> bool:
        """Whether it reads a `.env` file if there is one: by itself, or by a package for that."""
        own = self.dialect in ("compose", "php", "symfony", "bun", "nuxt") and self.language != "go"
        return own or not _READERS.isdisjoint(self.needed)


def has_manifest(folder: str) -> bool:
    """Whether a folder is a project of its own."""
    return bool(_manifests(folder)) or os.path.isfile(os.path.join(folder, "composer.json"))


def framework_of(folder: str, root: str, spoken: Mapping[str, int]) -> Framework:
    """The framework of a folder, by the nearest manifest at or above it, up to the root.

    `spoken` counts the readings of variables by language: it decides where manifests disagree.
    """
    at = os.path.abspath(folder)
    top = os.path.abspath(root)
    while not (found := _manifests(at)) and at not in (top, os.path.dirname(at)):
        at = os.path.dirname(at)
    package = _package(os.path.join(at, "package.json")) if "node" in found else {}
    needed = {**_mapping(package, "dependencies"), **_mapping(package, "devDependencies")}
    scripts = _mapping(package, "scripts")
    compose = compose_files.text(folder)
    other = any(os.path.isfile(os.path.join(at, name)) for name in _OTHERS)
    dialect = _language(found, "" if other else compose, spoken)
    if "php" in found:  # its pages have a package.json
        required = _mapping(_package(os.path.join(at, "composer.json")), "require")
        dialect = "php" if _SYMFONY.isdisjoint(required) else "symfony"
    of_node = dialect == "node"
    if of_node:
        dialect = _loader(at, needed, " ".join(map(str, scripts.values())))
    start = "CMD"
    layered = dialect == "ruby"
    if of_node:
        layered = dialect == "bun" or (
            not _LAYERED.isdisjoint(needed) and _ALONE.isdisjoint(needed)
        )
        start = "npm run dev" if "dev" in scripts else "npm start" if "start" in scripts else start
    given = package.get("name")
    name = given.rpartition("/")[2] if isinstance(given, str) else ""
    name = name or os.path.basename(os.path.abspath(folder))
    language = _SPEAKING.get(dialect, "javascript") if found else "compose" if compose else ""
    if os.path.isfile(os.path.join(at, "composer.json")):
        language, layered = "php", dialect == "symfony"
    releases = {name: _RELEASE.search(str(given)) for name, given in needed.items()}
    majors = (f"{name}@{release[0]}" for name, release in releases.items() if release)
    packages = frozenset((*needed, *majors, *_listed(at)))
    wiring, programs = tuple(compose_files.wiring(compose)), tuple(compose_files.programs(folder))
    local_wins = dialect not in ("vite", "node", "react-scripts") or not _LOCAL_WINS.isdisjoint(
        needed
    )
    return Framework(
        dialect, layered, local_wins, compose, wiring, programs, name, start, language, packages
    )


def _loader(folder: str, needed: Collection[str], scripts: str) -> str:
    """The dialect of a project with a package.json, by what it needs and what its scripts say."""
    for dialect, packages in _LOADERS.items():
        if any(package in needed for package in packages):
            return dialect
    if "--env-file" in scripts:
        return "node20"
    if any(os.path.isfile(os.path.join(folder, name)) for name in _BUN):
        return "bun"
    return "dotenv-expand" if _DOTENV_CLI.search(scripts) else "node"


def _language(found: Collection[str], compose: str, spoken: Mapping[str, int]) -> str:
    """The dialect of the language that a project is written in."""
    if compose and not found:
        return "compose"
    counts = dict.fromkeys(found, 0)
    for language, dialect in _SPOKEN.items():
        if dialect in counts or not found:
            counts[dialect] = spoken.get(language, 0)
    chosen = max(counts, key=lambda dialect: counts[dialect])
    return chosen if found or counts[chosen] else "node"


def _manifests(folder: str) -> list[str]:
    return [
        dialect
        for dialect, names in _MANIFESTS.items()
        if any(os.path.isfile(os.path.join(folder, name)) for name in names)
    ]


def _package(path: str) -> dict[str, Any]:
    content = read_bytes(path, limit=_LARGEST, inside=inside_of(os.path.dirname(path)))
    if isinstance(content, FileTrouble):
        return {}
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _listed(folder: str) -> Iterator[str]:
    """The words of a folder's manifests, among them the packages; and its marks of frameworks."""
    inside = inside_of(folder)
    for name in _LISTS:
        content = read_bytes(os.path.join(folder, name), limit=_LARGEST, inside=inside)
        if not isinstance(content, FileTrouble):
            text = content.decode("utf-8", "replace").lower()
            yield from re.findall(r"[a-z0-9][a-z0-9_./-]*", text)
    yield from (mark for mark in _MARKS if os.path.isfile(os.path.join(folder, mark)))


def _mapping(package: Mapping[str, Any], field: str) -> dict[str, Any]:
    found = package.get(field)
    return found if isinstance(found, dict) else {}
