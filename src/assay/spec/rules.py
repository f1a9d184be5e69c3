"""What can be wrong with a spec itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.discretion import looks_secret
from assay.model import Category, Finding, Outcome, Related, Rule, Severity
from assay.spec import plugin_rules, revealing_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.model import Location


def _rule(  # noqa: PLR0913, PLR0917 - the table below reads best without names
    code: str,
    message: str,
    remedy: str,
    why: str,
    bad: str = "",
    good: str = "",
    *,
    similar: str = "",
    messages: Mapping[str, str] = {},
    remedies: Mapping[str, str] = {},
) -> Rule:
    """A rule; `similar` is its message where a name is known that was probably meant."""
    return Rule(
        code=code,
        category=Category.SPEC,
        message=message,
        messages={"similar": similar} if similar else messages,
        remedy=remedy,
        remedies=remedies,
        why=why,
        bad=bad,
        good=good,
    )


UNREADABLE = _rule(
    "spec-unreadable",
    "{file} can't be read: {reason}",
    "Check the path, and whether the user that runs assay may read the file.",
    "Nothing that this file declares can be checked.",
)
NOT_YAML = _rule(
    "spec-not-yaml",
    "invalid YAML: {reason}",
    "Check this line and the one above: indentation, colons, quotes and brackets.",
    "A file that can't be parsed declares nothing, so nothing is checked.",
    remedies={
        "control-character": "Remove the character, or write it as \\uXXXX.",
        "several-documents": "Keep only one document in a file.",
        "tag": "Put the value in quotes, such as \"!isSet('DEBUG')\".",
        "too-deep": "Flatten this part; no field of a spec is nested that deeply.",
    },
    bad="variables:\n\tPORT: {type: port}",
    good="variables:\n  PORT: {type: port}",
)
DOCUMENT_PATH = _rule(
    "spec-document-path",
    "can't write a document to {path}: it {reason}",
    "Choose a path inside the project at which no other file is.",
    "`assay docs` writes only inside the project, and never overwrites a .env file.",
    bad="documents: {../README.md: runbook}",
    good="documents: {docs/runbook.md: runbook}",
)
DUPLICATE_KEY = _rule(
    "spec-duplicate-key",
    "{key} appears twice in this mapping",
    "Remove one of the two, or rename it.",
    "YAML parsers silently keep one of the two, and they disagree on which.",
    bad="PORT: {type: port, type: integer}",
    good="PORT: {type: port}",
)
OCTAL = _rule(
    "spec-octal-number",
    "{text} is octal for some YAML parsers and decimal for others",
    "Write '{text}' in quotes to make it text, or remove the leading zero.",
    "YAML 1.1 reads 0755 as 493, YAML 1.2 as 755.",
    bad="default: 0755",
    good="default: '0755'",
)
TAG = _rule(
    "spec-yaml-tag",
    "the YAML tag {tag} has no meaning in a spec",
    "Put the value in quotes if the `!` belongs to it; otherwise remove the tag.",
    "Some YAML parsers run code for a tag, so assay accepts only plain data.",
    remedies={"condition": "Put the value in quotes, such as \"!isSet('DEBUG')\"."},
    bad="default: !!python/name:os.system",
    good="default: text",
)
ALIAS = _rule(
    "spec-alias",
    "the alias *{name} {reason}",
    "Write out the values, or remove the aliases that multiply each other.",
    "Aliases that refer to themselves or multiply can make a small file use all memory.",
    remedies={
        "circular": "Remove the alias from the value that it refers to.",
        "too-deep": "Flatten this part; no field of a spec is nested that deeply.",
        "text": "Put the text in quotes, as in `'*{name}'`; for an alias, write `&{name}` before "
        "the value that it refers to.",
        "unknown": "Write `&{name}` before the value that it refers to.",
    },
)
KEY_NOT_TEXT = _rule(
    "spec-key-not-text",
    "a field's name must be text",
    "Write the name as plain text before the colon.",
    "A list or a mapping can't be the name of a field.",
    bad="? [a, b]\n: 1",
    good="a: 1",
    messages={"braces": "`{{{{` begins a mapping, which can't be the name of a field"},
    remedies={
        "braces": "Put the value in quotes if the braces belong to it; if they are a template's, "
        "render it first.",
    },
)
NOT_A_SPEC = _rule(
    "spec-not-a-spec",
    "{file} is not a spec",
    "Pass a .yaml file that begins with `assay: 1` and declares `variables`.",
    "Other files declare nothing, and may contain secrets, so assay doesn't show their content.",
    bad="assay lint --spec .env",
    good="assay lint --spec specs/app.yaml",
)
EMPTY = _rule(
    "spec-empty",
    "{file} declares nothing",
    "Begin it with `assay: 1`, and declare `variables` in it, or remove it.",
    "With an empty spec, every environment would pass.",
    remedies={"folder": "Run `assay init` to write a spec to it."},
)
UNKNOWN_FIELD = _rule(
    "spec-unknown-field",
    "{field} is not a field of {owner}",
    "Use one of the fields of {owner}; `assay schema` lists them.",
    "A misspelled field would be ignored, so what it demands would never be checked.",
    bad="variables:\n  PORT: {tpye: port}",
    good="variables:\n  PORT: {type: port}",
    similar="{field} is not a field of {owner}: did you mean {similar}?",
)
WRONG_TYPE = _rule(
    "spec-wrong-type",
    "{field} must be {expected}, not {actual}",
    "Write {expected}.",
    "A field of the wrong type can't be understood, so nothing would be checked by it.",
    bad="required: yes",
    good="required: true",
)
WRONG_VALUE = _rule(
    "spec-wrong-value",
    "{field} must be {expected}",
    "See what `assay schema` allows for {field}.",
    "The value has the right type but no meaning here, so nothing would be checked by it.",
    bad="type: sting",
    good="type: text",
    similar="{field} must be {expected}: did you mean {similar}?",
)
MISSING_FIELD = _rule(
    "spec-missing-field",
    "{owner} lacks the field {field}",
    "Add `{field}` ({purpose}).",
    "Without this field, the entry is incomplete and can't be checked.",
    bad="- dotenv: {dialect: node}",
    good="- dotenv: {path: .env, dialect: node}",
)
PARAMETER = _rule(
    "spec-bad-parameter",
    "{field}: {reason}",
    "Correct `{field}`, then run `assay lint` again.",
    "An invalid or contradictory parameter can't be used to judge values.",
    bad="{type: integer, minimum: 9, maximum: 1}",
    good="{type: integer, minimum: 1, maximum: 9}",
    messages={
        "misfit": "{fault}",
        "limits": "{lower} ({low}) is greater than {upper} ({high}), so no {thing} is valid",
    },
    remedies={
        "misfit": "Change the {field}, or leave it out.",
        "limits": "Lower {lower} or raise {upper}.",
    },
)
CONDITION = _rule(
    "spec-condition",
    "invalid condition: {reason}",
    "Write a CEL expression, such as `PORT > 1024 && NAME == 'text'`.",
    "A condition that can't be evaluated decides nothing, so conditions are checked before "
    "anything runs.",
    bad="required: PORT + 'x'",
    good="required: PORT > 1024",
)
CONTRADICTION = _rule(
    "spec-contradiction",
    "{name} must be {asked} here, but {known} in {other}, between {both}",
    "Remove {name} from one of the two entries, or change which environments they compare.",
    "No environment could satisfy both demands.",
    bad="a: {between: [dev, prod], variables: {HOST: same}}\n"
    "b: {between: [dev, prod], variables: {HOST: different}}",
    good="a: {between: [dev, prod], variables: {HOST: different}}",
)
CLASH = _rule(
    "spec-name-clash",
    "{name} is declared twice",
    "Remove one of the two declarations, or rename one.",
    "Which declaration counts would depend on the order of the files.",
)
LOOSENED = _rule(
    "spec-loosened",
    "{name} loosens what the imported spec demands: {field}",
    "Leave `{field}` to the import, or list it: `loosens: [{field}]`.",
    "Teams that rely on the imported spec would not notice that a check became weaker.",
    remedies={
        "project": "Leave `{field}` to the import, or write `loosens: [{field}]` at the top "
        "level of this file.",
    },
)
LOOSENS_NOTHING = _rule(
    "spec-loosens-nothing",
    "{name} has `loosens`, but no imported spec declares {name}",
    "Remove `loosens`, or import the spec that declares {name}.",
    "Readers would believe that it overrides a stricter declaration.",
)
NAME = _rule(
    "spec-impossible-name",
    "no system lets a variable be called {name}",
    "Use letters, digits and underscores, as in `{similar}`.",
    "A variable of this name can't be set, so it would be missing everywhere.",
    messages={"empty": "a variable has no name"},
    bad="variables: {API KEY: {secret: true}}",
    good="variables: {API_KEY: {secret: true}}",
)
IMPORT_MISSING = _rule(
    "spec-import-missing",
    "{name} can't be imported: {reason}",
    "Correct the path, which is relative to the importing file.",
    "What the imported spec declares would not be checked.",
    remedies={
        "address": "Save a copy in the project, and import that by its path.",
        "too-long": "Import it in a file nearer to the start of the chain.",
    },
    bad="imports: [builtin:supabse]",
    good="imports: [builtin:supabase]",
)
IMPORT_CYCLE = _rule(
    "spec-import-cycle",
    "the imports form a circle: {circle}",
    "Remove one of these imports.",
    "Files that import each other can't be merged, because neither comes first.",
)
UNKNOWN_NAME = _rule(
    "spec-unknown-name",
    "{name} is not {expected}",
    "Correct the name, or declare it.",
    "A reference to something that isn't declared would check nothing.",
    bad="only-in: [prodution]",
    good="only-in: [production]",
    similar="{name} is not {expected}: did you mean {similar}?",
    remedies={
        "declared": "Remove its declaration from this spec, or remove it from `unused`.",
        "unused": "Correct the name, or remove it from `unused`, which is about imports alone.",
        "between": "Correct the name, or add it to `between`.",
        "pattern": "Correct the pattern, or remove it.",
        "value": "Write the variable's name, such as DATABASE_URL. If this is its value, move it "
        "to the environment, and rotate it: since it is in a file, treat it as leaked.",
        "waived": "Name the variable, key or table the finding is about, or remove the waiver.",
    },
)
WAIVER_UNKNOWN = _rule(
    "spec-waiver-unknown-rule",
    "{code} is not a rule",
    "Use the code of an existing rule; `assay explain` lists them all.",
    "A waiver for a rule that doesn't exist waives nothing.",
    similar="{code} is not a rule: did you mean {similar}?",
)
RENAMED = Rule(
    code="spec-renamed-rule",
    category=Category.SPEC,
    severity=Severity.WARNING,
    message="{old} is now called {new}",
    remedy="Replace `{old}` with `{new}`.",
    why="The former code still works, but reports and documents use the new one, so nobody who "
    "searches for it finds this line.",
    bad="findings: [{rule-broken: no-debug-live}]",
    good="findings: [{rule-violated: no-debug-live}]",
)
SECRET = _rule(
    "spec-secret",
    "the {field} of {name} looks like a real secret",
    "Revoke that secret, then use an obvious placeholder here, or remove the {field}.",
    "Specs are committed, so everyone who can read the repository, now or later, has the secret.",
    bad="API_KEY: {secret: true, example: <a key that opens something>}",
    good="API_KEY: {secret: true, obtain: The dashboard, Settings, API keys.}",
)
TEST_FAILED = Rule(
    code="test-failed",
    category=Category.TEST,
    message="the test {name!r} failed: {said}",
    remedy="Fix the spec, or change the test's `findings` to what its values produce.",
    why="The spec no longer finds what its authors intended, or finds too much.",
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
    LOOSENS_NOTHING,
    MISSING_FIELD,
    NAME,
    NOT_A_SPEC,
    NOT_YAML,
    OCTAL,
    PARAMETER,
    *plugin_rules.RULES,
    RENAMED,
    revealing_rules.REVEALING,
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
    "Write what belongs here, such as the variable's name, DATABASE_URL, and move the value to the "
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

    Among them `similar` is a name that was probably meant, `case` and `advice` are names of the
    rule's messages and remedies, and `step` is a sentence that comes before those.

    Its text may be shown but for what looks like a credential; then the remedy says what to do
    about that.
    """
    filled = {name: str(value) for name, value in values.items() if value is not None}
    filled = {**filled, **(filling or {})}
    step, advice = filled.pop("step", ""), filled.pop("advice", "")
    case = filled.pop("case", "")
    if filled.get("similar") and "similar" in rule.messages:
        case = "similar"
    violation = rule.violated(at=at, case=case, advice=advice).with_values(**filled)
    violation = msgspec.structs.replace(violation, own_remedy=step)
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
