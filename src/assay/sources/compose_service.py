"""What Docker Compose gives a service under `environment`, interpolated as Compose does it."""

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from assay import dotenv
from assay.dotenv.compose_template import interpolated
from assay.facts import Secret, Setting, SourceProblem, State
from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of
from assay.model import Location
from assay.sources.base import Source, SourceContent, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST = 4 * 1024 * 1024
"""Bytes. No Compose file is larger."""


class ComposeService(Source, frozen=True, kw_only=True):
    """The `environment` of a service in a Compose file; its `env_file` is a source of its own."""

    path: Annotated[
        str,
        Meta(
            description="The Compose file, relative to the project's root.",
            examples=["compose.yaml"],
            min_length=1,
        ),
    ]
    service: Annotated[str, Meta(description="The service's name.", examples=["api"], min_length=1)]

    @property
    def label(self) -> str:
        """How messages name it."""
        return f"`environment` of {self.service} in {self.path}"

    def read(self, world: World) -> SourceContent:
        """What the service gets; variables of the process win over the .env file beside."""
        content = self._content(self.path, world)
        if isinstance(content, FileTrouble):
            missing = content.code == "missing"
            code = "source-missing" if missing else "source-unreadable"
            values = {"reason": content.reason, "cause": content.code, "step": content.remedy}
            return self._failed(code, {"source": self.path, **({} if missing else values)})
        beside = self._content(posixpath.join(posixpath.dirname(self.path), ".env"), world)
        known: dict[str, str] = {}
        if not isinstance(beside, FileTrouble):
            beside_it = dotenv.parse(beside, "compose", environ=world.process).values
            known = {name: value for name, value in beside_it.items() if value is not None}
        given, wrong = _environment(content, self.service)
        if wrong:
            return self._refused(*wrong)
        settings: dict[str, Setting] = {}
        for name, text in given.items():
            try:
                setting = self._setting(name, text, known, world.process)
            except dotenv.DotenvError as error:
                return self._refused(f"{error.reason} (in {name})", error.expected)
            if setting is not None:
                settings[name] = setting
        return SourceContent(settings=settings)

    def _content(self, path: str, world: World) -> bytes | FileTrouble:
        inside = inside_of(world.root, world.allowed)
        return read_bytes(os.path.join(world.root, path), limit=LARGEST, inside=inside)

    def _setting(
        self, name: str, text: str | None, known: Mapping[str, str], process: Mapping[str, str]
    ) -> Setting | None:
        """One variable; without a text the one of the same name is passed on, if it is set."""
        names: tuple[str, ...] = (name,)
        value = process.get(name, known.get(name))
        if text is not None:
            value, names = interpolated(text, {**known, **process})
        if value is None:
            return None
        return Setting(
            state=State.READABLE if value else State.EMPTY,
            value=Secret(value),
            source=self.label,
            location=Location(file=self.path),
            in_project=text is not None,
            borrowed=tuple(used for used in names if used in process),
            dialect="compose",
        )

    def _refused(self, reason: str, expected: str) -> SourceContent:
        values = {"source": self.path, "dialect": "compose", "reason": reason, "expected": expected}
        return self._failed("source-refused", values)

    def _failed(self, code: str, values: Mapping[str, str]) -> SourceContent:
        at = None if code == "source-missing" else Location(file=self.path)
        problem = SourceProblem(code=code, values=values, location=at, fatal=True)
        return SourceContent(problems=(problem,))


def _environment(content: bytes, service: str) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """The names that a service sets, each with its text; or what is wrong, and what is expected."""
    document = loaded(content)
    if document is None:
        return {}, ("it is not valid YAML", "expected a Compose file")
    services = document.get("services")
    services = services if isinstance(services, dict) else {}
    body = services.get(service)
    if not isinstance(body, dict):
        known = ", ".join(map(str, services)) or "services"
        return {}, (f"it has no service {service}", f"expected one of {known}")
    return dict(pairs(body.get("environment"))), ()


def loaded(content: bytes) -> dict[str, Any] | None:
    """A Compose file as data, whose scalars are texts or None; None if it isn't a mapping."""
    import yaml

    class Plain(yaml.SafeLoader):
        """Leaves numbers and booleans as they are written, as Compose passes them on."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML has it
            first: [(tag, pattern) for tag, pattern in found if tag.endswith((":null", ":merge"))]
            for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    try:
        data = yaml.load(content, Loader=Plain)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def pairs(environment: object) -> Iterator[tuple[str, str | None]]:
    """The names of an `environment` in either form, with their texts; None passes one on."""
    if isinstance(environment, dict):
        for name, value in environment.items():
            if value is None or isinstance(value, str):
                yield str(name), value
    elif isinstance(environment, list):
        for item in environment:
            if isinstance(item, str):
                name, equals, value = item.partition("=")
                yield name, value if equals else None
