"""Texts in a secret's place that lead to it, or hide it: references, and marks of redaction."""

from __future__ import annotations

from collections.abc import Iterator

from assay.hygiene.lists import REDACTED_STARTS, REDACTIONS, REFERENCES, SECRET_FILES
from assay.hygiene.obtaining import obtaining
from assay.model import Category, Rule, Violation

UNRESOLVED = Rule(
    code="variable-unresolved",
    category=Category.MISSING,
    message="{name} is {what}, not the secret itself",
    remedy="Make the application read the file, or put the secret itself in {name}.",
    remedies={
        what: f"{step}, or put the secret itself in {{name}}." for what, step in REFERENCES.values()
    },
    why="The tool that replaces the reference with the secret did not run, so the program uses "
    "the reference as if it were the secret.",
    bad="API_KEY=op://vault/item/key",
    good="op run --env-file .env -- npm start",
)
REDACTED = Rule(
    code="variable-redacted",
    category=Category.MISSING,
    message="{name} is the mask that logs and tools show instead of a secret",
    **obtaining("Replace the mask in {name} with the secret[]."),
    why="The value was copied from an output that hides secrets, so the program gets the mask "
    "instead of the secret.",
    bad="API_KEY=[REDACTED]",
    good="API_KEY=<the key>",
)

RULES = (UNRESOLVED, REDACTED)


def instead_of_secret(name: str, value: str, *, kept: bool) -> Iterator[Violation]:
    """What stands in a secret's place; `kept` where a key, not any text, is expected there."""
    mark = value.lower().replace("_", "-").replace(" ", "-")
    if mark in REDACTIONS or (value.startswith(REDACTED_STARTS) and len(set(value)) == 1):
        yield REDACTED.violated()
        return
    for start, (what, _) in REFERENCES.items():
        if value.startswith(start) and (start != "arn:" or _arn_of_secret(name, value)):
            yield UNRESOLVED.violated(case=what, what=what)
            return
    if kept and value.startswith(SECRET_FILES) and not name.endswith(_NAMES_OF_FILES):
        yield UNRESOLVED.violated(what="the path of a secret file")


def _arn_of_secret(name: str, value: str) -> bool:
    service = value.split(":")[2:3]
    return service in (["secretsmanager"], ["ssm"]) and not name.endswith("ARN")


_NAMES_OF_FILES = ("DIR", "FILE", "LOCATION", "PATH")
