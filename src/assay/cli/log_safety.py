"""Prevents printed text from controlling a CI runner or a terminal.

Runners look for commands in a job's output, and specs, file names and servers' answers
are text of strangers. What each runner looks for:

- GitHub: a line that starts with `::` after blanks, or `##[` anywhere
  (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs);
- Azure Pipelines: `##vso[` and `##[`; TeamCity: `##teamcity[`;
- GitLab: `section_start:` and `section_end:`; Travis CI: `travis_fold:` and `travis_time:`.
"""

from __future__ import annotations

import re

_COLOUR = r"\[(?:[012]|(?:1;)?3[1-6])m"
"""The styles that assay itself writes, after the escape character. No others: 8 hides text."""
_AT_START = re.compile(rf"^((?:[^\S\n]|\x1b{_COLOUR})*):(?=:)", re.MULTILINE)
_ANYWHERE = re.compile(
    r"#(?=#[\w.-]*\[)|(?:section_start|section_end|travis_fold|travis_time)(?=:)", re.IGNORECASE
)
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1a\\x1c-\\x1f\\x7f-\\x9f\\u061c\\u180e\\u200b-\\u200f"
    "\\u2028-\\u202e\\u2060-\\u206f\\ufeff]"
    rf"|\r(?!\n)|\x1b(?!{_COLOUR})"
)
_OWN = re.compile(r"^::(?:error|warning|notice) [^\n]*?::", re.MULTILINE)


def harmless(text: str, *, commands: bool = False) -> str:
    r"""`text` without a runner's commands, and with control and bidi characters as `\uXXXX`.

    A space breaks the mark that a runner looks for, wherever the text was wrapped. `commands`
    leaves the annotations alone that the format `github` itself writes. Colours stay, so does
    every text without such marks: the escapes mean the same to readers of JSON.
    """
    text = _UNSEEN.sub(_escape, text)
    if "##" in text or "section_" in text.lower() or "travis_" in text.lower():
        text = _ANYWHERE.sub(r"\g<0> ", text)
    if "::" not in text:
        return text
    if not commands:
        return _AT_START.sub(r"\1: ", text)
    return "".join(
        line if _OWN.match(line) else _AT_START.sub(r"\1: ", line)
        for line in text.splitlines(keepends=True)
    )


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
