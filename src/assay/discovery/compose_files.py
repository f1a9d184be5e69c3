"""What the Compose files of a project say of its services."""

from __future__ import annotations

import os
import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.discovery.reference import Need, Reference, Use
from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of
from assay.sources.compose_service import LARGEST, loaded, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = re.compile(r"^(?:docker-)?compose(?:\..+)?\.ya?ml$")
_USUAL = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The files that Compose looks for, in its order."""


class BuiltService(NamedTuple):
    """A service that is built from the project's code and gets variables from Compose."""

    name: str
    path: str
    """The Compose file, relative to the project's folder."""
    files: tuple[str, ...]
    """The .env files that the service is given, in their order."""


def text(folder: str) -> str:
    """The text of all Compose files of a folder."""
    try:
        names = sorted(filter(_NAMES.match, os.listdir(folder)))
    except OSError:
        return ""
    texts = (_read(folder, name) for name in names)
    return "\n---\n".join(text.decode("utf-8", "replace") for text in texts if text is not None)


def wiring(text: str) -> Iterator[tuple[str, ...]]:
    """What each service's `env_file` names, one path or several, in either form."""
    if "env_file" not in text:
        return
    import yaml

    try:
        documents = list(yaml.safe_load_all(text))
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    for document in documents:
        for _, service in _services(document):
            yield _files(service)


def programs(folder: str) -> Iterator[BuiltService]:
    """The services of the usual Compose file that it builds and gives variables to."""
    for path in _USUAL:
        content = _read(folder, path)
        if content is not None:
            for name, service in _services(loaded(content)):
                files = _files(service)
                given = any(pairs(service.get("environment"))) or set(files) - {".env"}
                if service.get("build") and given:
                    yield BuiltService(name, path, files)
            return


def passed_on(folder: str) -> Iterator[Use]:
    """Names that services of the usual Compose file get as they are, from the .env file beside."""
    for path in _USUAL:
        content = _read(folder, path)
        if content is not None:
            lines = content.decode("utf-8", "replace").splitlines()
            given = (service.get("environment") for _, service in _services(loaded(content)))
            names = dict.fromkeys(n for one in given for n, value in pairs(one) if value is None)
            for name in names:
                bare = re.compile(rf"""\s*(?:-\s*)?["']?{re.escape(name)}["']?\s*:?\s*(?:#|$)""")
                line = next((at for at, text in enumerate(lines, 1) if bare.match(text)), 1)
                yield Use(path, "compose", Reference(name, line, Need.OPTIONAL))
            return


def _read(folder: str, name: str) -> bytes | None:
    content = read_bytes(os.path.join(folder, name), limit=LARGEST, inside=inside_of(folder))
    return None if isinstance(content, FileTrouble) else content


def _services(document: object) -> Iterator[tuple[str, dict[str, Any]]]:
    services = document.get("services") if isinstance(document, dict) else None
    for name, service in services.items() if isinstance(services, dict) else ():
        if isinstance(service, dict):
            yield str(name), service


def _files(service: dict[str, Any]) -> tuple[str, ...]:
    given = service.get("env_file")
    items = given if isinstance(given, list) else [given]
    paths = [item.get("path") if isinstance(item, dict) else item for item in items]
    return tuple(posixpath.normpath(path) for path in paths if isinstance(path, str))
