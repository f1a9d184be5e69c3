"""Structured text: JSON and YAML, with a JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, NoReturn

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.json_faults import fault
from assay.formats.schemas import TooCostlyError, plain_place, schema_breach, schema_problem
from assay.model import Rule, Violation

JSON_MALFORMED = Rule(
    code="json-malformed",
    message="{name} is not valid JSON: reading it fails at {place}",
    messages={
        "escaped": "{name} is not valid JSON: its quotes are escaped with backslashes, the first "
        "at {place}",
        "curly": "{name} is not valid JSON: a word processor made its quotes curly, see {place}",
        "followed-by-quote": "{name} is not valid JSON: something follows its end: a quote, at "
        "{place}",
        "followed": "{name} is not valid JSON: something follows its end, at {place}",
        "preceded": "{name} is not valid JSON: a quote precedes it, at {place}",
        "newline": "{name} is not valid JSON: a text in it is broken over lines at {place}",
        "comma": "{name} is not valid JSON: a comma precedes a closing bracket, see {place}",
        "python": "{name} is not valid JSON: at {place} it has True, False or None, as Python "
        "prints them",
        "cut": "{name} is not valid JSON: it ends too early: what begins at {place} "
        "is never closed",
        "unquoted": "{name} is not valid JSON: it has no double quotes, which it needs at {place}",
        "base64": "{name} is base64 of JSON: expected the JSON itself",
        "path": "{name} is the path of a file: expected the JSON in it",
        "list": "{name} is a list joined by commas: expected JSON",
    },
    remedy="Correct {name} at {place}.",
    remedies={
        "escaped": "Remove the backslash before each quote in {name}.",
        "curly": "Replace the curly quotes in {name} with straight double quotes.",
        "followed-by-quote": "Remove the quote at the end of {name}.",
        "followed": "Remove what follows the last bracket of {name}.",
        "preceded": "Remove the quote at the start of {name}, and one at its end.",
        "newline": "Write \\n for the newlines in {name}; in an .env file put the value in single "
        "quotes, since loaders turn \\n into a newline in double ones.",
        "comma": "Remove the comma before the closing bracket in {name}.",
        "python": "Write true, false or null in {name}, as `json.dumps` does.",
        "cut": "Write the JSON of {name} on one line, as `jq -c . FILE` prints it, in single "
        "quotes.",
        "unquoted": "Put names and texts in {name} in double quotes, and the value in single ones, "
        "so that a shell doesn't remove them.",
        "base64": "Set {name} to what `base64 -d` makes of it; or, if the application decodes it, "
        "declare `type: base64`.",
        "path": "Set {name} to what `jq -c . FILE` prints for the file; or, if the application "
        "reads the file, declare `type: path`.",
        "list": 'Write {name} as a JSON array, as in ["first","second"]; or, if the application '
        "splits it at commas, declare `type: list`.",
    },
    why="A JSON parser throws on it, usually at startup, so the program doesn't start.",
    bad="FEATURES={beta: true}",
    good='FEATURES={"beta": true}',
)
JSON_QUOTES = Rule(
    code="json-single-quotes",
    message="{name} has single quotes: expected JSON with double quotes",
    remedy="Replace the single quotes in {name} with double quotes.",
    why="Python prints a dict like this, but JSON parsers reject it.",
    bad="FEATURES={'beta': true}",
    good='FEATURES={"beta": true}',
)
JSON_DUPLICATE = Rule(
    code="json-duplicate-key",
    message="{name} has the same key twice in one object",
    remedy="Remove one of the two entries from {name}.",
    why="Most parsers silently keep the last one, some the first (RFC 8259, section 4).",
)
SCHEMA = Rule(
    code="schema-mismatch",
    message="{name} does not satisfy its schema at {place}",
    remedy="Change {name} so that it satisfies the schema at {place}.",
    why="The application expects fields of that shape and fails, or falls back to defaults, if "
    "they differ.",
)
SCHEMA_COSTLY = Rule(
    code="schema-too-costly",
    message="{name} can't be validated against its schema: that takes too many steps",
    remedy="Simplify the schema of {name} in the spec, especially repeated references, or set "
    "{name} to a smaller document.",
    why="Nothing shows whether the application can use the value.",
)
TOO_DEEP = Rule(
    code="document-too-deep",
    message="{name} is nested too deeply, or refers to itself too often",
    remedy="Set {name} to a document with fewer levels and without repeated aliases.",
    why="Parsers run out of stack or memory on such a document.",
)
YAML_MALFORMED = Rule(
    code="yaml-malformed",
    message="{name} is not valid YAML, or uses tags that a safe loader refuses",
    remedy='Correct {name} where `yq . <<< "$VALUE"` reports an error; indent with spaces only.',
    why="A YAML loader throws on it, usually at startup, so the program stops.",
    bad="LIMITS={a: 1",
    good="LIMITS={a: 1}",
)

MAX_DEPTH = 100
MAX_NODES = 100_000

Schema = Annotated[
    dict[str, Any] | None,
    Meta(
        description="A JSON Schema (draft 2020-12) that the document must satisfy.",
        examples=[{"type": "object", "required": ["client_email"]}],
    ),
]


class _DuplicateKeyError(ValueError):
    """An object gives a key twice."""


class _Document(Format, frozen=True, kw_only=True):
    """What JSON and YAML share."""

    sample = "{}"
    keeps_space = True
    keeps_quotes = True
    arbitrary = True

    schema: Schema = None

    def problems(self) -> Iterator[tuple[str, str]]:
        problem = None if self.schema is None else schema_problem(self.schema)
        if problem is not None:
            yield "schema", problem

    def _breach(self, document: object) -> Iterator[Violation]:
        try:
            place = None if self.schema is None else schema_breach(self.schema, document)
            if place is not None:
                yield SCHEMA.violated(place=place)
        except TooCostlyError:
            yield SCHEMA_COSTLY.violated()

    def of_secret(self, violation: Violation) -> Violation:
        """Where it broke its schema, but not which of the schema's branches it took."""
        if violation.rule is not SCHEMA:
            return violation
        return SCHEMA.violated(place=plain_place(violation.values["place"]))


class Json(_Document, frozen=True, kw_only=True, tag="json"):
    """A JSON document (RFC 8259)."""

    title = "a JSON document"
    looks_like = r"\s*[{\[]"
    rules: ClassVar[tuple[Rule, ...]] = (
        JSON_MALFORMED,
        JSON_QUOTES,
        JSON_DUPLICATE,
        TOO_DEEP,
        SCHEMA,
        SCHEMA_COSTLY,
    )

    def violations(self, value: str) -> Iterator[Violation]:
        try:
            document = load_json(value)
        except _DuplicateKeyError:
            yield JSON_DUPLICATE.violated()
        except RecursionError:
            yield TOO_DEEP.violated()
        except ValueError:
            single = "'" in value and _is_json(value.replace("'", '"'))
            case, place = fault(value)
            yield (
                JSON_QUOTES.violated()
                if single
                else JSON_MALFORMED.violated(case=case, place=place)
            )
        else:
            yield from self._breach(document)

    def screen(self) -> tuple[object, ...] | None:
        """Only empty documents: whoever declares JSON mostly has more to say."""
        return ("one-of", ("{}", "[]", "true", "false", "null")) if self.schema is None else None


class Yaml(_Document, frozen=True, kw_only=True, tag="yaml"):
    """A YAML document in the subset that safe readers take."""

    title = "a YAML document"
    rules: ClassVar[tuple[Rule, ...]] = (YAML_MALFORMED, TOO_DEEP, SCHEMA, SCHEMA_COSTLY)

    def violations(self, value: str) -> Iterator[Violation]:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            deep = _expands_too_far(value)
            document = None if deep else yaml.load(value, Loader=loader)  # noqa: S506 - a safe one
        # Besides its own errors PyYAML lets through those of int, datetime and the codecs.
        except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            yield YAML_MALFORMED.violated()
        else:
            yield from (TOO_DEEP.violated(),) if deep else self._breach(document)


def load_json(text: str) -> Any:
    """The document, strictly: no NaN, no repeated keys.

    Raises:
        ValueError: the text is not JSON.
        RecursionError: it is nested too deeply.

    """
    document = json.loads(
        text,
        object_pairs_hook=_unique,
        parse_constant=_refuse,
        parse_int=lambda digits: int(digits) if len(digits) < 300 else float(digits),
    )
    if _too_deep(document):
        raise RecursionError
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _DuplicateKeyError
    return found


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _is_json(text: str) -> bool:
    try:
        load_json(text)
    except (ValueError, RecursionError):
        return False
    return True


def _too_deep(node: object, levels: int = MAX_DEPTH) -> bool:
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return any(levels == 1 or _too_deep(item, levels - 1) for item in below)


def _expands_too_far(text: str) -> bool:
    """Whether a YAML text is too deep, or grows too much when its aliases are replaced."""
    import yaml

    sizes: dict[str, int] = {}
    opened: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        match event:
            case yaml.AliasEvent():
                total += sizes.get(event.anchor or "", MAX_NODES)
            case yaml.ScalarEvent():
                total += 1
                if event.anchor:
                    sizes[event.anchor] = 1
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                opened.append((event.anchor, total))
                total += 1
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                anchor, before = opened.pop()
                if anchor:
                    sizes[anchor] = total - before
            case _:
                pass
        if total > MAX_NODES or len(opened) > MAX_DEPTH:
            return True
    return False
