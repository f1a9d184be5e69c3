"""Random layouts: where .env files lie, how their paths are written, and who reads them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.properties import worlds

from assay import dotenv

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

NAMES = (
    *("environment", "live", "isSet", "in", "true", "null", "_", "api_key", "port", "r"),
    *("\u041dOST", "P\u041eRT"),  # look-alikes: a Cyrillic letter in each
)
"""Names that conditions, people or fonts confuse with others."""
ENVIRONMENTS = (
    "dev",
    "prod",
    "live",
    "environment",
    "true",
    "_",
    "\u00fcn\u00ef",
    "a b",
    ".env",
    "x.env",
)
FOLDERS = ("", "config", "../up", "..")
"""Where a file may lie, as seen from the root of the project."""
BOUNDARIES = (
    *("0", "-0", "+0", "00", "-00", "007", "+1", "-1", "1e3", "1E3", "1_000", "0x10", "1.", ".5"),
    *("0" * 17 + "1", "0" * 12 + "1", "9" * 18, "9" * 19, "1" * 13, "065535", "65536", " 1", "1 "),
    *("\u0661\u0662", "\uff11\uff12", "\u00b2", "-0s", "00s", "+1s", "1e3s", "1" * 10 + "s", "1S"),
    *("1\u00b5s", "1y", "0.5s", "PT0S", "P0D", "TRUE", "\u212a", "\u0131", "a\u200b", "a\u00a0"),
)
"""Spellings at the edge of what a type allows."""
CHECKED = ("key", "rule", "source", "variable")
"""The kinds that a hook judges: what one environment's files hold."""


class World(NamedTuple):
    """A project on disk."""

    root: Path
    data: dict[str, Any]
    files: list[str]
    """Real paths of all .env files, whether they are there or not."""
    readers: dict[str, list[tuple[str, dict[str, Any]]]]
    """For each environment its sources: the real path, and what the spec says."""


def spelt(rng: Random, path: str, start: str) -> str:
    """One way to write the real path of a file, as seen from a folder."""
    plain = os.path.relpath(path, start)
    folder, name = os.path.split(path)
    way = rng.randrange(8)
    if way == 0:
        return path
    if way == 1:
        return f"./{plain}"
    if way == 2 and os.path.isdir(os.path.join(start, "config")):
        return os.path.join("config", "..", plain)
    if way == 3:
        link = os.path.join(folder, "folder-link")
        if not os.path.lexists(link):
            os.symlink(folder, link)
        return os.path.relpath(os.path.join(link, name), start)
    if way == 4:
        link = os.path.join(folder, f"link-{name.strip('.')}")
        if not os.path.lexists(link):
            os.symlink(path, link)
        return os.path.relpath(link, start)
    if way == 5:
        return os.path.relpath(path, start).replace("/", "//")
    return plain


def world(rng: Random, folder: Path) -> World:
    """A project below `folder`, with a spec that reads files here and there."""
    root = folder / "top" / "root"
    for place in FOLDERS:
        (root / place).mkdir(parents=True, exist_ok=True)
    (folder / "top" / ".git").mkdir(exist_ok=True)
    top = os.path.realpath(root)
    files = [
        os.path.normpath(os.path.join(top, rng.choice(FOLDERS), f"{name}.env" if name else ".env"))
        for name in rng.sample(("", "a", "b", "c"), rng.randint(1, 3))
    ]
    odd = rng.random() < 0.5
    text = json.dumps(worlds.spec(rng, called=(*worlds.NAMES, *NAMES) if odd else worlds.NAMES))
    names = rng.sample(ENVIRONMENTS, rng.randint(2, 3))
    for old, new in zip(worlds.ENVIRONMENTS, names, strict=False):
        text = text.replace(f"'{old}'", f"'{new}'").replace(json.dumps(old), json.dumps(new))
    data = json.loads(text)
    readers: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    environments: dict[str, Any] = {}
    for name in names:
        sources = [source(rng, rng.choice(files), top) for _ in range(rng.choice([1, 1, 2, 3]))]
        readers[name] = sources
        values: list[Any] = [{"dotenv": declared} for _, declared in sources]
        if rng.random() < 0.15:
            values.insert(rng.randrange(len(values) + 1), "process")
        environments[name] = {"live": rng.random() < 0.5, "values": values}
    data["environments"] = environments
    return World(root, data, files, readers)


def source(rng: Random, path: str, root: str) -> tuple[str, dict[str, Any]]:
    """A .env file as a spec may name it."""
    declared: dict[str, Any] = {"path": spelt(rng, path, root)}
    if rng.random() < 0.7:
        declared["dialect"] = rng.choice(dotenv.DIALECTS)
    if rng.random() < 0.3:
        declared["optional"] = True
    if rng.random() < 0.1:
        declared["also-read-by"] = [rng.choice(dotenv.DIALECTS)]
    return path, declared


def fill(rng: Random, made: World) -> None:
    """Write the files again; now and then one is missing."""
    for file in made.files:
        if os.path.lexists(file):
            os.unlink(file)
        if rng.random() < 0.93:
            dialect = rng.choice(dotenv.DIALECTS)
            content = worlds.env(rng, made.data, dialect)
            if rng.random() < 0.4:
                name, text = rng.choice([*made.data["variables"]]), rng.choice(BOUNDARIES)
                lines = content.split(b"\n")
                lines = [line for line in lines if not line.startswith(name.encode())]
                content = b"\n".join([*lines, f"{name}={text}".encode()])
            with open(file, "wb") as written:
                written.write(content)
