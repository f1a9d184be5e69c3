"""Peers from npm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.corpus import env_text
from bench.peers import Peer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.corpus import Variable

_PATTERNS = {
    "pattern": "^[A-Za-z0-9]{32,64}$",
    "hex": "^[0-9a-fA-F]{64}$",
    "base64": "^[A-Za-z0-9+/]{43}=$",
    "duration": "^[0-9]{1,9}(ms|s|m|h|d|w)$",
    "uuid": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
}
"""For what a peer has no type of its own."""

_VARLOCK = {
    "text": "@type=string(minLength=2)",
    "secret": "@sensitive @type=string(minLength=24)",
    "pattern": f'@sensitive @type=string(matches="{_PATTERNS["pattern"]}")',
    "url": "@type=url(allowedProtocols=[https])",
    "enum": "@type=enum(sandbox, staging, production)",
    "boolean": "@type=boolean",
    "integer": "@type=number(min=0, max=999999, isInt=true)",
    "port": "@type=port(min=1)",
    "email": "@type=email",
    "hex": f'@sensitive @type=string(matches="{_PATTERNS["hex"]}")',
    "base64": f'@sensitive @type=string(matches="{_PATTERNS["base64"]}")',
    "uuid": "@type=uuid",
    "hostname": "@type=domain",
    "duration": f'@type=string(matches="{_PATTERNS["duration"]}")',
}

_ENVALID = {
    "text": "least(2)()",
    "secret": "least(24)()",
    "pattern": f"matching(/{_PATTERNS['pattern']}/)()",
    "url": "https()",
    "enum": 'str({choices: ["sandbox", "staging", "production"]})',
    "boolean": "bool()",
    "integer": "integer()",
    "port": "port()",
    "email": "email()",
    "hex": f"matching(/{_PATTERNS['hex']}/)()",
    "base64": f"matching(/{_PATTERNS['base64'].replace('/', chr(92) + '/')}/)()",
    "uuid": f"matching(/{_PATTERNS['uuid']}/)()",
    "hostname": "host()",
    "duration": f"matching(/{_PATTERNS['duration']}/)()",
}
_ENVALID_HEAD = """\
const dotenv = require("dotenv");
const {cleanEnv, makeValidator, bool, email, host, port, str} = require("envalid");

const must = (test) => makeValidator((text) => {
  if (!test(text)) throw new Error("malformed");
  return text;
});
const least = (size) => must((text) => text.length >= size);
const matching = (pattern) => must((text) => pattern.test(text));
const https = must((text) => new URL(text).protocol === "https:");
const integer = must((text) => /^[0-9]{1,6}$/.test(text));

const values = dotenv.config({quiet: true, processEnv: {}}).parsed;
cleanEnv(values, {
"""

_ZOD = {
    "text": "z.string().min(2)",
    "secret": "z.string().min(24)",
    "pattern": f"z.string().regex(/{_PATTERNS['pattern']}/)",
    "url": "z.url({protocol: /^https$/})",
    "enum": 'z.enum(["sandbox", "staging", "production"])',
    "boolean": 'z.enum(["true", "false"])',
    "integer": "z.coerce.number().int().min(0).max(999999)",
    "port": "z.coerce.number().int().min(1).max(65535)",
    "email": "z.email()",
    "hex": f"z.string().regex(/{_PATTERNS['hex']}/)",
    "base64": f"z.string().regex(/{_PATTERNS['base64'].replace('/', chr(92) + '/')}/)",
    "uuid": "z.uuid()",
    "hostname": r"z.string().regex(/^([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}$/)",
    "duration": f"z.string().regex(/{_PATTERNS['duration']}/)",
}
_ZOD_HEAD = """\
import dotenv from "dotenv";
import {createEnv} from "@t3-oss/env-core";
import {z} from "zod";

const values = dotenv.config({quiet: true, processEnv: {}}).parsed;
createEnv({
  runtimeEnv: values,
  isServer: true,
  emptyStringAsUndefined: true,
  server: {
"""


def _write_varlock(folder: Path, declared: Sequence[Variable], values: Sequence[Variable]) -> None:
    head = "# @defaultRequired=true @defaultSensitive=false\n# ---\n\n"
    items = "".join(f"# {_VARLOCK[v.kind]}\n{v.name}=\n\n" for v in declared)
    (folder / ".env.schema").write_text(head + items)
    (folder / ".env").write_text(env_text(values))


def _write_envalid(folder: Path, declared: Sequence[Variable], values: Sequence[Variable]) -> None:
    fields = "".join(f"  {v.name}: {_ENVALID[v.kind]},\n" for v in declared)
    (folder / "check.cjs").write_text(f"{_ENVALID_HEAD}{fields}}});\n")
    (folder / ".env").write_text(env_text(values))


def _write_zod(folder: Path, declared: Sequence[Variable], values: Sequence[Variable]) -> None:
    fields = "".join(f"    {v.name}: {_ZOD[v.kind]},\n" for v in declared)
    (folder / "check.mjs").write_text(f"{_ZOD_HEAD}{fields}  }},\n}});\n")
    (folder / ".env").write_text(env_text(values))


def _write_env(folder: Path, declared: Sequence[Variable], values: Sequence[Variable]) -> None:
    del declared
    (folder / ".env").write_text(env_text(values))


def node(home: Path) -> str:
    """Node itself, the same for all of these."""
    return str(home / "node/node_modules/node/bin/node")


def _program(home: Path, name: str) -> str:
    return str(home / "node/node_modules/.bin" / name)


PEERS = (
    Peer(
        name="varlock",
        ecosystem="node",
        program="node_modules/varlock",
        write=_write_varlock,
        arguments=lambda home: (node(home), _program(home, "varlock"), "load"),
        faster=5,
    ),
    Peer(
        name="envalid with dotenv",
        ecosystem="node",
        program="node_modules/envalid",
        write=_write_envalid,
        arguments=lambda home: (node(home), "check.cjs"),
        faster=2,
    ),
    Peer(
        name="@t3-oss/env-core with zod and dotenv",
        ecosystem="node",
        program="node_modules/@t3-oss/env-core",
        write=_write_zod,
        arguments=lambda home: (node(home), "check.mjs"),
    ),
    Peer(
        name="@dotenvx/dotenvx (reads only)",
        ecosystem="node",
        program="node_modules/@dotenvx/dotenvx",
        write=_write_env,
        arguments=lambda home: (node(home), _program(home, "dotenvx"), "get", "--quiet"),
        judges_values=False,
    ),
)
