"""Which files git ignores, by the `.gitignore` files of a repository; see gitignore(5).

No git is started: the hook starts no programs. What a machine ignores for itself does not count,
since that is not the same on every machine.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from assay.gate import top_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 1_000_000
"""Bytes of a `.gitignore` that are looked at."""


def ignored(path: str) -> bool:
    """Whether git ignores a file, given by its absolute path; it need not exist."""
    top, parts = _inside(path)
    if not parts or _tracked(top, "/".join(parts)):
        return False
    rules = [
        (depth, rule)
        for depth in range(len(parts))
        for rule in _rules(os.path.join(top, *parts[:depth], ".gitignore"))
    ]
    # what lies in a folder that is ignored can't be taken back
    return any(_says(rules, parts[:end], len(parts)) for end in range(1, len(parts) + 1))


def committable(path: str) -> bool:
    """Whether `git add --all` would add a file that is new."""
    top, parts = _inside(path)
    return bool(parts) and not ignored(path) and not _tracked(top, "/".join(parts))


def _inside(path: str) -> tuple[str, list[str]]:
    """The repository around a file, and the way to it from there; empty if there is none."""
    top = top_of(os.path.dirname(path))
    if not os.path.lexists(os.path.join(top, ".git")):
        return top, []
    at = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
    return top, os.path.relpath(at, top).split(os.sep)


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    folders: bool
    """Whether it is about folders only."""
    taken_back: bool


def _says(rules: list[tuple[int, _Rule]], parts: list[str], whole: int) -> bool:
    """Whether the last rule that speaks of a path ignores it."""
    verdict = False
    for depth, rule in rules:
        if depth >= len(parts) or (rule.folders and len(parts) == whole):
            continue
        if rule.pattern.fullmatch("/".join(parts[depth:])):
            verdict = not rule.taken_back
    return verdict


def _rules(file: str) -> Iterator[_Rule]:
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            lines = opened.read(MOST).splitlines()
    except OSError:
        return
    for raw in lines:
        line = re.sub(r"(?<!\\) +$", "", raw)
        if not line or line.startswith("#"):
            continue
        back = line.startswith("!")
        line = line[1:] if back else line
        folders = line.endswith("/")
        body = line.rstrip("/")
        anchored = "/" in body
        try:
            pattern = re.compile(("" if anchored else "(?:.*/)?") + _regex(body.lstrip("/")))
        except re.error:
            continue
        yield _Rule(pattern, folders, back)


_PARTS = re.compile(r"\*\*/|/\*\*$|\*+|\?|\[!?\]?[^\]]*\]|\\.|.", re.DOTALL)


def _regex(glob: str) -> str:
    return "".join(map(_part, _PARTS.findall(glob)))


def _part(part: str) -> str:
    if part == "**/":
        return "(?:.*/)?"
    if part == "/**":
        return "/.*"
    if part.startswith("*"):
        return "[^/]*"
    if part == "?":
        return "[^/]"
    if len(part) > 1 and part[0] == "[":
        inner = part[1:-1].replace("\\", "\\\\").replace("[", "\\[")
        return f"(?!/)[{'^' + inner[1:] if inner[:1] == '!' else inner}]"
    return re.escape(part[1:] if len(part) > 1 else part)


def _tracked(top: str, path: str) -> bool:
    """Whether git tracks a file, which no rule can hide then."""
    folder = os.path.join(top, ".git")
    try:
        if os.path.isfile(folder):  # a worktree names its folder
            with open(folder, encoding="utf-8") as opened:
                folder = os.path.join(top, opened.read().partition(":")[2].strip())
        with open(os.path.join(folder, "index"), "rb") as index:
            content = index.read()
    except (OSError, ValueError):
        return False
    # https://git-scm.com/docs/index-format: flags with the length of the name, the name, NUL;
    # further flags stand between if the second of them is set
    name = os.fsencode(path)
    flags = min(len(name), 0xFFF)
    return any(
        int.from_bytes(content[entry.start() : entry.start() + 2], "big") & 0x4FFF == wanted
        for before, wanted in ((2, flags), (4, flags | 0x4000))
        for entry in re.finditer(rb"(?s)(?=.{%d}%s\0)" % (before, re.escape(name)), content)
    )
