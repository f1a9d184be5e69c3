"""Peers from PyPI."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bench.corpus import CONSTRAINTS, env_text
from bench.peers import Peer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.corpus import Variable

_SETTINGS = """\
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AnyUrl, Field, SecretStr, UrlConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

Text = Annotated[str, Field(min_length=2)]
Secret = Annotated[SecretStr, Field(min_length=24)]
Pattern = Annotated[str, Field(pattern="^[A-Za-z0-9]{32,64}$")]
Url = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["https"])]
Enum = Literal["sandbox", "staging", "production"]
Boolean = bool
Integer = Annotated[int, Field(ge=0, le=999999)]
Port = Annotated[int, Field(ge=1, le=65535)]
Email = Annotated[str, Field(pattern=r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]+\\.[a-z]+$")]
Hex = Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")]
Base64 = Annotated[str, Field(pattern="^[A-Za-z0-9+/]{43}=$")]
Uuid = UUID
Hostname = Annotated[str, Field(pattern="^([A-Za-z0-9-]{1,63}\\\\.)*[A-Za-z0-9-]{1,63}$")]
Duration = Annotated[str, Field(pattern="^[0-9]{1,9}(ms|s|m|h|d|w)$")]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", case_sensitive=True)

"""


def _write_json(folder: Path, declared: Sequence[Variable], values: Sequence[Variable]) -> None:
    properties = {v.name: {"type": "string", **CONSTRAINTS[v.kind].schema} for v in declared}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    (folder / "schema.json").write_text(json.dumps(schema, indent=1))
    (folder / "values.json").write_text(json.dumps({v.name: v.value for v in values}, indent=1))


def _write_settings(folder: Path, declared: Sequence[Variable], values: Sequence[Variable]) -> None:
    fields = "".join(f"    {v.name}: {v.kind.title()}\n" for v in declared)
    (folder / "settings.py").write_text(f"{_SETTINGS}{fields}")
    (folder / "check.py").write_text("from settings import Settings\n\nSettings()\n")
    (folder / ".env").write_text(env_text(values))


def _write_env(folder: Path, declared: Sequence[Variable], values: Sequence[Variable]) -> None:
    del declared
    (folder / ".env").write_text(env_text(values, quotes=False))


PEERS = (
    Peer(
        name="check-jsonschema",
        ecosystem="python",
        program="bin/check-jsonschema",
        write=_write_json,
        arguments=lambda home: (
            str(home / "python/bin/check-jsonschema"), "--schemafile", "schema.json", "values.json",
        ),
        faster=5,
    ),
    Peer(
        name="pydantic-settings",
        ecosystem="python",
        program="bin/dotenv",
        write=_write_settings,
        arguments=lambda home: (str(home / "python/bin/python"), "check.py"),
        faster=5,
    ),
    Peer(
        name="dotenv-linter (wemake)",
        ecosystem="python",
        program="bin/dotenv-linter",
        write=_write_env,
        arguments=lambda home: (str(home / "python/bin/dotenv-linter"), "lint", ".env"),
        faster=5,
        judges_values=False,
    ),
)  # fmt: skip
