"""What can be wrong with a spec itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.discretion import looks_secret
from assay.model import Category, Finding, Outcome, Related, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.model import Location


def _rule(  # noqa: PLR0913, PLR0917 - the table below reads best without names
    code: str, message: str, remedy: str, why: str, bad: str = "", good: str = ""
) -> Rule:
    return Rule(
        code=code,
        category=Category.SPEC,
        message=message,
        remedy=remedy,
        why=why,
        bad=bad,
        good=good,
    )


UNREADABLE = _rule(
    "spec-unreadable",
    "{file} can't be read: {reason}",
    "{step}",
    "Nothing that this file declares can be checked.",
)
NOT_YAML = _rule(
    "spec-not-yaml",
    "this is not YAML: {reason}",
    "{step}",
    "A file that doesn't parse declares nothing.",
    bad="variables:\n\tPORT: {type: port}",
    good="variables:\n  PORT: {type: port}",
)
DOCUMENT_PATH = _rule(
    "spec-document-path",
    "no document can be written to {path}: it {reason}",
    "{step}",
    "`assay docs` writes below the project's root only, and never over an environment's values.",
    bad="documents: {../README.md: runbook}",
    good="documents: {docs/runbook.md: runbook}",
)
DUPLICATE_KEY = _rule(
    "spec-duplicate-key",
    "{key} stands twice in the same mapping",
    "Remove one of the two, or rename it.",
    "YAML parsers silently keep one of the two, and not all keep the same one.",
    bad="PORT: {type: port, type: integer}",
    good="PORT: {type: port}",
)
OCTAL = _rule(
    "spec-octal-number",
    "{text} is octal for some YAML parsers and decimal for others",
    "Write '{text}' in quotes where you mean the text, or drop the leading zero.",
    "YAML 1.1 reads 0755 as 493, YAML 1.2 as 755.",
    bad="default: 0755",
    good="default: '0755'",
)
TAG = _rule(
    "spec-yaml-tag",
    "the YAML tag {tag} has no meaning in a spec",
    "Remove the tag; write text in quotes where its type matters.",
    "Tags make some YAML parsers run code; assay builds plain data only.",
    bad="default: !!python/name:os.system",
    good="default: text",
)
ALIAS = _rule(
    "spec-alias",
    "the alias *{name} {reason}",
    "{step}",
    "Aliases that refer to themselves or multiply can make a small file fill the memory.",
)
KEY_NOT_TEXT = _rule(
    "spec-key-not-text",
    "a field's name must be text",
    "Write the name as plain text before the colon.",
    "Lists and mappings can't be names.",
    bad="? [a, b]\n: 1",
    good="a: 1",
)
NOT_A_SPEC = _rule(
    "spec-not-a-spec",
    "{file} is not a spec",
    "Name a .yaml file that begins with `assay: 1` and declares `variables`.",
    "Any other file declares nothing, and what it holds is nobody's business.",
    bad="assay lint --spec .env",
    good="assay lint --spec specs/app.yaml",
)
EMPTY = _rule(
    "spec-empty",
    "{file} declares nothing",
    "{step}",
    "An empty spec would call every environment good.",
)
UNKNOWN_FIELD = _rule(
    "spec-unknown-field",
    "{field} is not a field of {owner}{hint}",
    "{step}",
    "A misspelt field would silently check nothing.",
    bad="variables:\n  PORT: {tpye: port}",
    good="variables:\n  PORT: {type: port}",
)
WRONG_TYPE = _rule(
    "spec-wrong-type",
    "{field} must be {expected}, not {actual}",
    "{step}",
    "A field of the wrong type can't be understood.",
    bad="required: yes",
    good="required: true",
)
WRONG_VALUE = _rule(
    "spec-wrong-value",
    "{field} must be {expected}{hint}",
    "{step}",
    "The value is of the right type, but not one that means anything here.",
    bad="type: sting",
    good="type: text",
)
MISSING_FIELD = _rule(
    "spec-missing-field",
    "{owner} lacks the field {field}",
    "Add `{field}:`; {purpose}",
    "Without it the entry is incomplete.",
    bad="- dotenv: {dialect: node}",
    good="- dotenv: {path: .env, dialect: node}",
)
PARAMETER = _rule(
    "spec-bad-parameter",
    "{field}: {reason}",
    "Mend {field}, then run `assay lint` again.",
    "The type can't judge values with a parameter that contradicts itself.",
    bad="{type: integer, minimum: 9, maximum: 1}",
    good="{type: integer, minimum: 1, maximum: 9}",
)
CONDITION = _rule(
    "spec-condition",
    "this condition is wrong: {reason}",
    "{step}",
    "A condition that can't be evaluated would decide nothing; it is checked before anything runs.",
    bad="required: PORT + 'x'",
    good="required: PORT > 1024",
)
CONTRADICTION = _rule(
    "spec-contradiction",
    "{name} is asked to be {asked} here, and {known} in {other}, between {both}",
    "Let one of the two entries speak of {name} between {both}.",
    "Nobody could satisfy both.",
    bad="a: {between: [dev, prod], variables: {HOST: same}}\n"
    "b: {between: [dev, prod], variables: {HOST: different}}",
    good="a: {between: [dev, prod], variables: {HOST: different}}",
)
CLASH = _rule(
    "spec-name-clash",
    "{name} is declared twice",
    "Remove one of the two declarations, or give one another name.",
    "Which of the two holds would depend on the order of files.",
)
LOOSENED = _rule(
    "spec-loosened",
    "{name} loosens what its import demands: {field}",
    "Leave `{field}` to the import, or list it: `loosens: [{field}]`.",
    "An import may be narrowed, never loosened silently.",
)
IMPORT_MISSING = _rule(
    "spec-import-missing",
    "{name} can't be imported: {reason}",
    "{step}",
    "What the import declares would go unchecked.",
    bad="imports: [builtin:supabse]",
    good="imports: [builtin:supabase]",
)
IMPORT_CYCLE = _rule(
    "spec-import-cycle",
    "the imports go round in a circle: {circle}",
    "Remove one of these imports.",
    "Files that import each other have no order in which to be merged.",
)
UNKNOWN_NAME = _rule(
    "spec-unknown-name",
    "{name} is not {expected}{hint}",
    "{step}",
    "A reference to something undeclared would be skipped.",
    bad="only-in: [prodution]",
    good="only-in: [production]",
)
WAIVER_UNKNOWN = _rule(
    "spec-waiver-unknown-rule",
    "{code} is not a rule{hint}",
    "List the rules with `assay explain`, and name one of them.",
    "A waiver for a rule that doesn't exist waives nothing.",
)
SECRET = _rule(
    "spec-secret",
    "the {field} of {name} looks like a real secret",
    "Revoke that secret, then write a value here that says it is none, or remove the {field}.",
    "Specs are committed: whoever can read the repository, now or later, has the secret.",
    bad="API_KEY: {secret: true, example: <a key that opens something>}",
    good="API_KEY: {secret: true, obtain: The dashboard, Settings, API keys.}",
)
REVEALING = _rule(
    "spec-reveals-secret",
    "{name} is secret, and this condition reveals {what}",
    "{step}",
    "Reports say whether a condition holds. Many that look at one character each spell the secret "
    "out, for everyone who can read the log.",
    bad="assert: API_KEY.startsWith('a')",
    good="assert: API_KEY != SESSION_SECRET && size(API_KEY) >= 32",
)
TEST_FAILED = Rule(
    code="test-failed",
    category=Category.TEST,
    message="the test {name!r} failed: {said}",
    remedy="Mend the spec, or let the test's `findings` say what comes out of its values.",
    why="The spec no longer finds what its authors meant it to find, or finds more.",
    bad="values: {PORT: eighty}\nfindings: []",
    good="values: {PORT: eighty}\nfindings: [{port-out-of-range: PORT}]",
)

RULES: tuple[Rule, ...] = (
    ALIAS,
    CLASH,
    CONDITION,
    DOCUMENT_PATH,
    CONTRADICTION,
    DUPLICATE_KEY,
    EMPTY,
    IMPORT_CYCLE,
    IMPORT_MISSING,
    KEY_NOT_TEXT,
    LOOSENED,
    MISSING_FIELD,
    NOT_A_SPEC,
    NOT_YAML,
    OCTAL,
    PARAMETER,
    REVEALING,
    SECRET,
    TAG,
    TEST_FAILED,
    UNKNOWN_FIELD,
    UNKNOWN_NAME,
    UNREADABLE,
    WAIVER_UNKNOWN,
    WRONG_TYPE,
    WRONG_VALUE,
)

LEAKED = (
    "Write what belongs here, such as the variable's name, DATABASE_URL, and keep the value in the "
    "environment. Since it is in a file, treat it as leaked and rotate it."
)
"""What to do about a secret that was pasted where the spec has a name or a word."""


def problem(
    rule: Rule,
    at: Location,
    filling: Mapping[str, str] | None = None,
    /,
    *,
    subject: str = "",
    related: tuple[Related, ...] = (),
    **values: object,
) -> Finding:
    """A finding about the spec; `filling` and `values` fill the rule's templates.

    Its text may be shown but for what looks like a credential; then the remedy says what to do
    about that.
    """
    filled = {name: str(value) for name, value in values.items()}
    violation = rule.violated(at=at).with_values(**filled).with_values(**(filling or {}))
    leaked = looks_secret(subject) or looks_secret(violation.message)
    return Finding(
        outcome=Outcome.FAIL,
        kind="spec",
        subject=subject or at.file,
        rule=rule.code,
        severity=rule.severity,
        category=rule.category,
        message=violation.message,
        remedy=LEAKED if leaked else violation.remedy,
        location=at,
        related=related,
        sensitive=False,
    )
