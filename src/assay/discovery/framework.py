"""What kind of project a folder holds, and so which loader reads its .env files."""

from __future__ import annotations

import json
import os
import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_LARGEST = 4 * 1024 * 1024
_LAYERED = frozenset(
    (
        *("next", "vite", "nuxt", "astro", "react-scripts", "@sveltejs/kit", "dotenv-flow"),
        "gatsby",
    )
)
_PYTHON = ("pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile", "manage.py")
_LOADERS = {
    "next": ("next",),
    "nuxt": ("nuxt", "nuxt3"),
    "vite": ("vite", "astro", "@sveltejs/kit"),
    "dotenv-expand": ("dotenv-cli", "dotenv-expand"),
    "node": ("dotenv",),
}
"""Dialects to the packages whose loader reads so; the first that a project needs counts."""
_BUN = ("bun.lock", "bun.lockb", "bunfig.toml")
_MANIFESTS = {
    "php": ("composer.json",),
    "python": _PYTHON,
    "ruby": ("Gemfile",),
    # godotenv is what Compose's own reader was made of
    "compose": ("go.mod",),
    "node": ("package.json",),
}
_DOTENV_CLI = re.compile(r"\bdotenv (?:-|--|\S+ --)")
_COMPOSE = re.compile(r"^(?:docker-)?compose(?:\..+)?\.ya?ml$")
_SPOKEN = {"go": "compose", "javascript": "node", "python": "python", "ruby": "ruby"}
"""Languages to the dialects that their programs read."""


class Framework(NamedTuple):
    """How a project reads its files."""

    dialect: str
    layered: bool
    """Whether `.env` lies below the files of each environment."""
    compose: str
    """The text of its Compose files, if it has any."""
    wiring: tuple[tuple[str, ...], ...]
    """The .env files of each service of Compose, in their order."""
    name: str
    """The project's name by its manifest, else its folder's."""
    start: str
    """A command that starts it."""


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
    compose = _compose(folder)
    dialect = _language(found, compose, spoken)
    if "php" in found:  # its pages have a package.json
        required = _mapping(_package(os.path.join(at, "composer.json")), "require")
        dialect = "symfony" if "symfony/dotenv" in required else "php"
    of_node = dialect == "node"
    if of_node:
        dialect = _loader(at, needed, " ".join(map(str, scripts.values())))
    start = "CMD"
    layered = dialect == "ruby"
    if of_node:
        layered = dialect == "bun" or not _LAYERED.isdisjoint(needed)
        start = "npm run dev" if "dev" in scripts else "npm start" if "start" in scripts else start
    given = package.get("name")
    name = given.rpartition("/")[2] if isinstance(given, str) else ""
    name = name or os.path.basename(os.path.abspath(folder))
    return Framework(dialect, layered, compose, tuple(_wiring(compose)), name, start)


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
    counts = dict.fromkeys(found, 0)
    for language, dialect in _SPOKEN.items():
        if dialect in counts or not found:
            counts[dialect] = spoken.get(language, 0)
    chosen = max(counts, key=lambda dialect: counts[dialect])
    if found or counts[chosen]:
        return chosen
    return "compose" if compose else "node"


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


def _mapping(package: Mapping[str, Any], field: str) -> dict[str, Any]:
    found = package.get(field)
    return found if isinstance(found, dict) else {}


def _compose(folder: str) -> str:
    try:
        names = sorted(filter(_COMPOSE.match, os.listdir(folder)))
    except OSError:
        return ""
    texts = (
        read_bytes(os.path.join(folder, name), limit=_LARGEST, inside=inside_of(folder))
        for name in names
    )
    return "\n---\n".join(
        t.decode("utf-8", "replace") for t in texts if not isinstance(t, FileTrouble)
    )


def _wiring(compose: str) -> Iterator[tuple[str, ...]]:
    """What each service's `env_file` names, one path or several, in either form."""
    if "env_file" not in compose:
        return
    import yaml

    try:
        documents = list(yaml.safe_load_all(compose))
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    for document in documents:
        services = document.get("services") if isinstance(document, dict) else None
        for service in services.values() if isinstance(services, dict) else ():
            given = service.get("env_file") if isinstance(service, dict) else None
            items = given if isinstance(given, list) else [given]
            paths = [item.get("path") if isinstance(item, dict) else item for item in items]
            yield tuple(posixpath.normpath(path) for path in paths if isinstance(path, str))
