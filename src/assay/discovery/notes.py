"""What people wrote about variables in .env files: descriptions, groups and examples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from assay.discovery.prose import decorated, heading, label, sentence
from assay.hygiene.sounds import sounds_secret
from assay.spec.files import library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv import Document, DotenvEntry


class Note(NamedTuple):
    """What one file says about one name."""

    description: str = ""
    group: str = ""
    value: str | None = None
    demanded: bool | None = None
    """Whether its comment says that it must be set, or need not be."""


def notes(document: Document) -> dict[str, Note]:
    """What a file says about its names, in their order."""
    found: dict[str, Note] = {}
    comments = dict(document.comments)
    known = _words_of_names(document)
    group, lasting, spared = "", False, False
    for block in _blocks(document, comments, known):
        if block.group:
            group, lasting = block.group, block.lasting
        elif not lasting:
            group = ""
        if block.title:
            spared = demanded(block.title) is False
        heard: bool | None = None
        for entry in filter(_assigns, block.entries):
            above = _above(entry, block, comments)
            secret = sounds_secret(entry.key)
            texts = (t for t in (" ".join(above), entry.comment or "") if not _BARE.fullmatch(t))
            told = (sentence(text, known=known, secret=secret) for text in texts)
            description = next(filter(None, told), "")
            demand = demanded(" ".join((*above, entry.comment or "")))
            heard = demand if above else heard
            if demand is None:  # what is said of an empty line is said of those right below it
                optional = spared or (heard is False and not entry.value)
                demand = False if optional else demanded(group)
            found.setdefault(entry.key, Note(description, group, entry.value, demand))
    return found


def _assigns(entry: DotenvEntry) -> bool:
    """Whether a value follows the name; without one, a line may be a piece of a key."""
    rest = entry.source.text[entry.key_end : entry.value_start]
    return "=" in rest or ":" in rest


_BARE = re.compile(r"(?i)\W*(?:optional|required|mandatory)\W*")
"""A comment that says nothing else."""
_OPTIONAL = re.compile(
    r"(?i)^\W*optional(?:ly)?\b|\boptional:(?! *(?:no|false)\b)"
    r"|\brequired: *(?:no|false)\b|[(\[{]\s*optional\b|\boptional\W*$|\b(?:is|are) optional\b"
    r"|\b(?:not|n't|never) (?:be )?(?:required|needed|mandatory)\b"
    r"|\b(?:leave|keep) (?:it |this |them )?(?:empty|blank|unset|commented|out)\b"
    r"|\b(?:required|needed|necessary|mandatory|only used|only relevant|only set) "
    r"(?:only )?(?:if|when|for|in|by|with|unless|on|to)\b"
)
_REQUIRED = re.compile(
    r"(?i)^\W*(?:required|mandatory)\b|\brequired:|[(\[{]\s*(?:required|mandatory)\b"
    r"|\b(?:required|mandatory)\W*$|\b(?:is|are) (?:required|mandatory)\b|\bmust be set\b"
)


def demanded(text: str) -> bool | None:
    """Whether a comment or a heading says that variables must be set, or need not be.

    What is required under a condition is not required.
    """
    bare = " ".join(text.split())
    if _OPTIONAL.search(bare):
        return False
    return True if _REQUIRED.search(bare) else None


def _words_of_names(document: Document) -> frozenset[str]:
    """Words that the file's own names consist of, and the names of what the library knows."""
    names = " ".join(entry.key for entry in document.entries).replace("_", " ").lower()
    return frozenset(names.split()).union(*(name.split("-") for name in library()))


class _Block(NamedTuple):
    """Lines without a blank one between them."""

    entries: tuple[DotenvEntry, ...]
    head: int
    """The line up to which it is heading."""
    group: str = ""
    """The heading that stands at its top."""
    lasting: bool = False
    """Whether the heading holds for the blocks below too."""
    title: str = ""
    """The text that is underlined or boxed at its top, even if it is not shown as a heading."""


def _above(entry: DotenvEntry, block: _Block, comments: Mapping[int, str]) -> list[str]:
    """The comments directly above an entry that aren't part of the block's heading."""
    found: list[str] = []
    line = entry.line - 1
    while line in comments and line > block.head:
        found.append(comments[line])
        line -= 1
    if line == 0 and len(block.entries) > 1 and _OF_THE_FILE.search(" ".join(found)):
        return []
    return found[::-1]


_OF_THE_FILE = re.compile(
    r"(?i)\b(?:file|files|laptop|machine|values|variables|settings|configuration|environment|copy"
    r"|deployed|local|development|production|staging|secrets|example|examples)\b|\.env"
)
"""What a comment at the top speaks of that is about the whole file, not about its first line."""


def _blocks(document: Document, comments: Mapping[int, str], known: frozenset[str]) -> list[_Block]:
    entries: dict[int, DotenvEntry] = {}
    covered = set(comments)
    for entry in document.entries:
        entries.setdefault(entry.line, entry)
        covered.update(range(entry.line, entry.value_end_position[0] + 1))
    blocks: list[_Block] = []
    first = None
    for line in range(1, max(covered, default=0) + 2):
        if line in covered:
            first = line if first is None else first
        elif first is not None:
            blocks.append(_block(first, line - 1, entries, comments, known))
            first = None
    return blocks


def _block(
    first: int,
    last: int,
    entries: Mapping[int, DotenvEntry],
    comments: Mapping[int, str],
    known: frozenset[str],
) -> _Block:
    own = tuple(entries[line] for line in range(first, last + 1) if line in entries)
    top: list[str] = []
    while first + len(top) in comments:
        top.append(comments[first + len(top)])
    worded = [any(map(str.isalnum, text)) for text in top]
    title = top[worded.index(True)] if any(worded) else ""
    named = heading(title, known)
    drawn = title if decorated(title) or any(map(decorated, top)) else ""
    if title and (named or not all(worded)):
        size = worded.index(True) + 1
        while size < len(top) and not worded[size]:
            size += 1
        of_the_file = first == 1 and not own and _OF_THE_FILE.search(" ".join(top[size:]))
        if not of_the_file and (name := named or label(title, known)):
            return _Block(own, first + size - 1, name, lasting=True, title=drawn)
    if worded == [True] and len(own) != 1:
        # above several entries, or alone: it speaks of all that follow; not if others have theirs
        described = any(entry.line - 1 in comments for entry in own[1:])
        if not described and (name := label(title, known)):
            return _Block(own, first, name, lasting=not own, title=drawn)
    return _Block(own, first - 1, title=drawn)
