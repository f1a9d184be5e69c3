"""What the documents of a project say about its templates: `cp .env.dev.example .env`."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from assay.files import FileTrouble, read_bytes
from assay.gate import inside_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 512 * 1024
"""Bytes of a text for people."""
_TEXTS = re.compile(
    r"(?i)(?:readme|contributing|develop|development|developing|getting[-_]?started|hacking|install"
    r"|installation|setup)(?:\.(?:md|mdx|rst|txt|sh|adoc))?"
    r"|(?:package|composer)\.json|(?:gnu)?makefile|justfile|taskfile\.ya?ml"
)
_SCRIPTS = ("bin/setup", "script/setup", "scripts/setup.sh", "docs/CONTRIBUTING.md")
_NAME = r"""[`'"(*\[]*(?:\./)?(?P<{}>(?:[\w-]+/)*[\w.-]*env[\w.-]*)"""
_COPIED = re.compile(
    r"(?i)\b(?:cp|copy|duplicate|rename|mv)\b(?:[ \t]+-\w+)*(?:[ \t]+the)?(?:[ \t]+file)?[ \t(]*"
    + _NAME.format("template")
    + r"""[`'")*\],]*(?:[ \t]+(?:file|over))?(?:[ \t]+(?:to|as|into))?(?:[ \t]+a new file)?"""
    r"(?:[ \t]+(?:called|named))?[ \t]+" + _NAME.format("file")
)


def told(root: str, folder: str) -> Iterator[tuple[str, str]]:
    """Names of templates in a folder, and of the files that people should copy them to.

    Both stand in the folder, which is relative to the root with `/`. What the texts in it say comes
    first, then what those at the root say.
    """
    for base in dict.fromkeys((folder, "")):
        for text in _texts(os.path.join(root, base)):
            for found in _COPIED.finditer(text):
                template, file = (found[name].rstrip(".") for name in ("template", "file"))
                above = {os.path.dirname(template), os.path.dirname(file)} - {""}
                if above <= {folder}:
                    yield os.path.basename(template), os.path.basename(file)


def _texts(folder: str) -> Iterator[str]:
    try:
        names = sorted(filter(_TEXTS.fullmatch, os.listdir(folder)))
    except OSError:
        return
    for name in (*names, *_SCRIPTS):
        content = read_bytes(os.path.join(folder, name), limit=LARGEST, inside=inside_of(folder))
        if not isinstance(content, FileTrouble):
            yield content.decode("utf-8", "replace")
