"""What gave our first texts away as translated, and what a native writer says instead."""

from __future__ import annotations

import re
from typing import NamedTuple


class Pattern(NamedTuple):
    """A turn of phrase that no text may have."""

    search: re.Pattern[str]
    instead: str


def _pattern(search: str, instead: str) -> Pattern:
    return Pattern(re.compile(search, re.IGNORECASE), instead)


_SUBJECT = (
    r"(?:it|its|they|their|there|these|those|that|this|what|who|nobody|nothing|no|we|such"
    r"|(?:the |a |an )?\w+)"
)
_VERB = r"(?:is|are|was|were|can|can't|has|have|may|must|would|needs?|makes?|holds?|tells?|says?)"

PATTERNS: tuple[Pattern, ...] = (
    _pattern(r"\bmend(?:s|ed|ing)?\b", "fix"),
    _pattern(r"\banew\b", "again, or a verb with re-"),
    _pattern(r"\bjust so\b", "exactly"),
    _pattern(r"\bsorts? of\b", "kind of"),
    _pattern(r"(?<!-)\bline[- ]ends?\b(?! (?:with|in|at|before|here|there))", "newline"),
    _pattern(r"\bin (?:the )?place of\b|\bin (?:its|their) place\b", "instead of"),
    _pattern(r"\bh[au]ngs? on\b|\bhanging on\b", "depends on"),
    _pattern(
        r"(?<!left )\bbehind\b(?! (?:a |the )?(?:data API|gateway|pooler|proxy))",
        "after, or followed by",
    ),
    _pattern(
        r"\breplac(?:e|es|ed|ing)\b[^.;:]{1,40}? by\b(?! (?:hand|default|itself))", "replace with"
    ),
    _pattern(r"\bwithout a word\b", "silently"),
    _pattern(r"\bc[ao]m(?:e|es|ing) about\b", "say what happened"),
    _pattern(r"\bma(?:kes?|de) no\b(?! (?:difference|second))", "isn't, or doesn't make"),
    _pattern(
        r"(?<!there )\b(?:is|are|was|were|be) no\b(?! (?:longer|more|less|matter)\b)", "isn't"
    ),
    _pattern(r"\bha(?:s|ve|d) none\b(?! of)", "say what is missing"),
    _pattern(r"(?<!there )(?<!algorithm )\b(?:is|are) (?-i:none)\b", "isn't one"),
    _pattern(r"\b(?:is|are|was|were|be|been) told\b(?! (?:apart|from))", "is reported, is known"),
    _pattern(
        r"\btells\b|(?<!can )(?<!can't )\btell (?:of|how|what|why|whether|when|where|who|more)\b",
        "reports, shows",
    ),
    _pattern(r"\bsays? more\b", "explains"),
    _pattern(r"\btruth values?\b", "true or false, boolean"),
    _pattern(r"\bexpected that\b", "but must, or expected a noun"),
    _pattern(r"\bwhole numbers?\b", "integer"),
    _pattern(r"(?<!as a )(?<!\bthe )\bwhole(?:[.;,)]| or\b|$)", "complete, in full"),
    _pattern(r"\bwhere (?:there|none|that can't|possible)\b", "if"),
    _pattern(
        r"[,;(] ?where (?:that|this|nobody|nothing|any|only|no|one|it|(?:the |an? )?\w+) "
        r"(?:is|are|isn't|aren't|can|can't|has|have|does|doesn't|matters?)\b",
        "if, or when",
    ),
    _pattern(
        r"\b(?:none|nothing|empty|only|even|unknown|undecided|true|false) where\b(?! to\b)", "if"
    ),
    _pattern(
        r"(?:^|[.] )where (?:\S+ ){1,6}(?:is|are|can|can't|has|have|does|doesn't)\b[^.]*, ",
        "if, or when",
    ),
    _pattern(
        r"\bof another\b|\banother (?:kind|sort|type|version|form|way)\b", "the wrong, a different"
    ),
    _pattern(rf", for {_SUBJECT} {_VERB}\b", "because"),
    _pattern(r"(?<!with or )\bwithout(?:[.;,:)]|$)", "without what?"),
)


def found(text: str) -> list[tuple[str, str]]:
    """Each bad turn of phrase in a text, with a better one."""
    return [(hit[0], p.instead) for p in PATTERNS for hit in p.search.finditer(text)]
