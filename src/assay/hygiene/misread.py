"""What loaders of .env files make of a value: cut at a `#`, with a comment, or with a quote."""

from __future__ import annotations

from collections.abc import Iterator

from assay.hygiene.damage import QUOTED
from assay.model import Category, Rule, Violation

CUT = Rule(
    code="variable-cut",
    category=Category.PORTABILITY,
    message="{name} is cut at a `#`, which begins a comment for {dialect}",
    remedy="Put the value of {name} in quotes. If the rest of the line is a comment, put a space "
    "before the `#`.",
    remedies={
        "url": "Put the URL in {name} in quotes; in its user name or password, write `#` as `%23`.",
    },
    why="The loader drops everything from the `#` on without a warning, so the program gets half "
    "of a password, or nothing.",
    bad="PASSWORD=abc#def",
    good='PASSWORD="abc#def"',
)
COMMENT = Rule(
    code="variable-comment",
    category=Category.PORTABILITY,
    message="{name} has a comment after it, which {dialect} keeps as part of the value",
    remedy="Move the comment to a line of its own.",
    why="`docker run --env-file` knows no comments after a value, and Docker Compose knows none "
    "right after the `=`, so the program gets the comment too.",
    bad="docker run --env-file: PORT=5432 # the database",
    good="docker run --env-file: PORT=5432",
)
UNCLOSED = Rule(
    code="variable-unclosed-quote",
    category=Category.PORTABILITY,
    message="{name} begins with a quote that is never closed, and {dialect} keeps it in the value",
    remedy="Close the quote at the end of the value of {name}, or remove it.",
    remedies={"docker": "Remove the quote: docker keeps all quotes as part of the value."},
    why="The program gets one character too many, so keys get the wrong length and tokens are "
    "rejected. Other loaders reject the file, or take the lines after it for the value.",
    bad='TOKEN="abc',
    good='TOKEN="abc"',
)

RULES = (CUT, COMMENT, UNCLOSED)


def misread(case: str, value: str, dialect: str, *, malformed: bool = False) -> Iterator[Violation]:
    """What the loader did to `value`; only what is `malformed` may have a comment by chance."""
    if case == "cut":
        yield CUT.violated(case="url" if "://" in value else "", dialect=dialect)
    elif case == "comment" or (case == "perhaps-comment" and malformed):
        yield COMMENT.violated(dialect=dialect)
    elif case == "quote":
        yield UNCLOSED.violated(case="docker" if dialect == "docker" else "", dialect=dialect)
    elif case == "rest":
        yield QUOTED.violated(case="" if dialect == "docker" else "rest", dialect=dialect)
