"""The contents of the reference pages, from rules, value types, commands, kinds and the schema.

Each page has a template of its name in `docs/templates`; the functions here provide its values.
"""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from assay.cli.commands import COMMANDS
from assay.cli.parsing import EPILOG, parser
from assay.crypto.envelopes import ENVELOPES
from assay.document_kind import Parameters
from assay.documents import DOCUMENTS
from assay.documents.markdown import code
from assay.documents.rules import plain
from assay.fixtures.document import fixtures_schema
from assay.formats import FORMATS
from assay.kinds import KINDS
from assay.kinds.envelopes import envelope_shape
from assay.kinds.variable.spec import COMMON_FIELDS
from assay.model import Category, Rule
from assay.package_data import folder
from assay.spec.files import library as library_names
from assay.spec.loader import load_spec
from assay.spec.rulebook import all_rules
from assay.spec.rules import RULES as SPEC_RULES
from assay.spec.structs import shape_of
from docs import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.crypto.envelopes.base import Envelope
    from assay.kind import Kind
    from assay.kinds.variable.spec import Declared


def rules() -> dict[str, Any]:
    """Every rule, and the codes of each category."""
    known = all_rules()
    categories = {
        str(category): [rule.code for rule in known.values() if rule.category is category]
        for category in Category
    }
    return {
        "categories": {name: codes for name, codes in categories.items() if codes},
        "rules": [_rule(rule) for rule in known.values()],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "severity": rule.severity,
        "category": rule.category,
        "owner": _owner(rule),
        "formerly": rule.formerly,
        "message": plain(rule.message),
        "messages": [(case, plain(text)) for case, text in rule.messages.items()],
        "why": rule.why,
        "remedy": plain(rule.remedy),
        "remedies": [(case, plain(text)) for case, text in rule.remedies.items()],
        "examples": [(n, t) for n, t in (("Bad", rule.bad), ("Good", rule.good)) if t],
    }


def _owner(rule: Rule) -> str:
    """Who can break it, in Markdown."""
    if rule in SPEC_RULES:
        return "about the spec itself"
    for kind in KINDS.values():
        if rule in kind.rules:
            return f"kind [`{kind.name}`](kinds.md#{kind.name})"
    types = [name for name in FORMATS if rule in FORMATS[name].rules]
    return "type " + ", ".join(f"[`{name}`](formats.md#{name})" for name in types)


def formats() -> dict[str, Any]:
    """Every value type."""
    return {"formats": [_format(name) for name in FORMATS]}


def _format(name: str) -> dict[str, Any]:
    form = FORMATS[name]
    first, *_ = (form.__doc__ or "").strip().split("\n\n")
    own = fields.at("$defs").get(f"type.{name}", {"properties": {}})
    made: Any = None
    with suppress(TypeError):  # it can't be made without parameters
        made = form()
    return {
        "name": name,
        "doc": first,
        "fields": fields.rows_of(own),
        "example": "" if made is None else made.example(),
        "secret": made is not None and made.sensitive,
        "seen_as": _CEL[form.cel],
        "rules": [rule.code for rule in form.rules],
    }


_CEL = {
    "bool": "true or false",
    "double": "a number",
    "int": "an integer",
    "list": "a list",
    "string": "a string",
}


def envelopes() -> dict[str, Any]:
    """Every envelope."""
    own = {
        form["then"]["title"].removeprefix("envelope "): form["then"]
        for form in envelope_shape()["anyOf"][-1]["allOf"]
    }
    return {"envelopes": [_envelope(name, own[name]) for name in ENVELOPES]}


def _envelope(name: str, own: dict[str, Any]) -> dict[str, Any]:
    made = ENVELOPES[name]
    return {
        "name": name,
        "doc": [" ".join(part.split()) for part in (made.__doc__ or "").strip().split("\n\n")],
        "shape": made.shape,
        "proved": _proved(made),
        "fields": fields.rows(own["properties"], own.get("required", [])),
        "notes": list(_notes(made)),
    }


def _ciphers(made: type[Envelope]) -> list[str]:
    """The ciphers of its key, in the order of the reference."""
    known = [choice["const"] for choice in fields.at(*_CIPHERS)["anyOf"]]
    return sorted(made.ciphers, key=known.index)


_CIPHERS = ("$defs", "keys", "properties", "cipher")


def _proved(made: type[Envelope]) -> str:
    if made.remote:
        return "not opened"
    try:
        one = made()
    except TypeError:  # it has no form without parameters
        return "by a tag or a MAC"
    answers = {one.proves(cipher) for cipher in made.ciphers}
    return {True: "yes", False: "no"}[answers.pop()] if len(answers) == 1 else "by its cipher"


def _notes(made: type[Envelope]) -> Iterator[str]:
    if made.remote:
        yield f"It is recognised but not decrypted, because that needs {made.remote}."
        return
    ciphers = ", ".join(f"`{cipher}`" for cipher in _ciphers(made))
    yield f"The `cipher` of its key: {ciphers}."
    if made.material == "text":
        yield "It is decrypted with the text of the variable, before any derivation."
    if made.separable:
        yield "It distinguishes a wrong key from damaged ciphertext."
    if made.extra:
        yield f"It needs an optional library: `pip install 'assay[{made.extra}]'`."


def kinds() -> dict[str, Any]:
    """Every kind of check: its documentation, its fields, its rules."""
    return {"kinds": sorted(map(_kind, KINDS.values()), key=itemgetter("name"))}


def _kind(made: Kind[Any]) -> dict[str, Any]:
    paragraphs = (" ".join(part.split()) for part in made.doc.strip().split("\n\n"))
    shape = fields.at("$defs", made.section)
    own = shape.get("properties", {})
    if made.section == "variables":
        own = _common()
    return {
        "name": made.name,
        "section": made.section,
        "doc": list(paragraphs),
        "fields": fields.rows(own, shape.get("required", [])),
        "rules": [(rule.code, plain(rule.message)) for rule in made.rules],
    }


def commands() -> dict[str, Any]:
    """Every command, from the arguments that it takes."""
    tree = parser()
    choices: dict[str, argparse.ArgumentParser] = {}
    for action in tree._actions:  # noqa: SLF001 - argparse offers no other way to look inside
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            choices = action.choices
    return {
        "description": tree.description,
        "epilog": EPILOG,
        "commands": [made for name in COMMANDS for made in _with_actions(name, choices[name])],
    }


def _with_actions(name: str, made: argparse.ArgumentParser) -> list[dict[str, Any]]:
    """A command, followed by each of its actions."""
    found = [_command(name, made)]
    for action in made._actions:  # noqa: SLF001 - as above
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            found += [_command(f"{name} {word}", own) for word, own in action.choices.items()]
    return found


def _command(name: str, made: argparse.ArgumentParser) -> dict[str, Any]:
    own = made._actions  # noqa: SLF001 - as above
    return {
        "name": name,
        "description": made.description or "",
        "arguments": [(_argument(action), action.help or "") for action in own],
        "epilog": made.epilog or "",
    }


def _argument(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else None
    if value is None and action.choices is not None:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    if not action.option_strings:
        return code(f"{value}{'...' if action.nargs in ('*', '+') else ''}")
    takes = f" {value}" if value and action.nargs != 0 else ""
    return ", ".join(code(f"{option}{takes}") for option in action.option_strings)


def library() -> dict[str, Any]:
    """Every spec that comes with assay, with its variables."""
    return {"specs": [_library(name) for name in library_names()]}


def _library(name: str) -> dict[str, Any]:
    """What a spec declares itself; what it imports has a section of its own."""
    spec = load_spec(os.path.join(folder("specs"), f"{name}.yaml"))
    own = f"{name}.yaml"
    files = [os.path.basename(file).removesuffix(".yaml") for file in spec.files]
    return {
        "name": name,
        "doc": spec.description,
        "imports": sorted(set(files) - {name}),
        "variables": [
            _variable(entry.declared)
            for entry in spec.variables.values()
            if os.path.basename(entry.location.file) == own
        ],
        "rules": [
            (entry.name, entry.declared.message)
            for entry in spec.sections.get("rules", {}).values()
            if os.path.basename(entry.location.file) == own
        ],
    }


def _variable(declared: Declared) -> dict[str, Any]:
    required = declared.variable.required
    if declared.default is not None or required is False:
        needed = "no"
    else:
        needed = "yes" if required is True else f"when {code(required)}"
    return {
        "name": declared.name,
        "type": declared.format.tag(),
        "secret": declared.secret,
        "needed": needed,
        "description": declared.variable.description,
        "obtain": declared.variable.obtain,
    }


def documents() -> dict[str, Any]:
    """Every kind of document, with its parameters."""
    forms = fields.at("properties", "documents", "additionalProperties", "anyOf")[0]["properties"]
    common = shape_of(Parameters)["properties"]
    return {
        "common": fields.rows(common, []),
        "documents": [_document(name, forms[name]["properties"], common) for name in DOCUMENTS],
    }


def _document(name: str, own: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    made = DOCUMENTS[name]
    return {
        "name": name,
        "doc": [" ".join(part.split()) for part in made.doc.strip().split("\n\n")],
        "fields": fields.rows({n: f for n, f in own.items() if n not in common}, []),
        "path": made.path,
        "template": f"documents/{made.template}",
    }


def _common() -> dict[str, Any]:
    properties = fields.at("$defs", "variables", "properties")
    common = {n: s for n, s in properties.items() if n in COMMON_FIELDS}
    chosen = {"type": {"description": properties["type"]["description"], "type": "string"}}
    return {**chosen, **common}


def _source(name: str) -> Any:
    """The shape of a source's fields."""
    for form in fields.at("$defs", "environments", "properties", "values", "items", "anyOf"):
        found = form.get("properties", {}).get(name, {})
        for shape in (found, *found.get("anyOf", ())):
            if "properties" in shape:
                return shape
    raise LookupError(f"the schema has no fields of the source {name}")


def _undeclared() -> Any:
    """The shape of the long form of `undeclared`."""
    for form in fields.at("properties", "undeclared", "anyOf"):
        if "properties" in form:
            return form
    raise LookupError("the schema has no long form of `undeclared`")


def reference() -> dict[str, Any]:
    """Every field of the language, by section, with the page that explains it."""
    parts, tests = fields.at("$defs"), fixtures_schema()
    variable = {"properties": _common()}
    columns = parts["tables"]["properties"]["columns"]["additionalProperties"]
    waivers = fields.at("properties", "waivers", "items")
    test = tests["properties"]["tests"]["items"]
    sealed = parts["keys"]["properties"]["sealed"]["items"]
    sections = [
        ("spec", "the top level of a file", "language.md#the-files-of-a-spec", fields.schema()),
        ("variables", "a variable of any type", "language.md#variables", variable),
        ("environments", "an environment", "language.md#environments", parts["environments"]),
        ("dotenv", "a .env file, under `values`", "language.md#sources", _source("dotenv")),
        ("compose", "a service, under `values`", "language.md#sources", _source("compose")),
        ("rules", "a rule over several variables", "language.md#rules", parts["rules"]),
        ("parity", "what some environments must agree in", "language.md#parity", parts["parity"]),
        (
            "undeclared",
            "the policy for undeclared names",
            "language.md#undeclared-names",
            _undeclared(),
        ),
        ("waivers", "a waiver", "language.md#waivers", waivers),
        ("keys", "a key", "keys.md", parts["keys"]),
        ("sealed", "a known answer of a key", "keys.md#known-answers", sealed),
        ("databases", "a database", "databases.md#in-a-spec", parts["databases"]),
        ("tables", "a table", "tables.md", parts["tables"]),
        ("columns", "a column of a table", "tables.md#in-a-spec", columns),
        ("credentials", "stored credentials", "credentials.md#in-a-spec", parts["credentials"]),
        ("fixtures", "a file of fixture tests", "language.md#fixture-tests", tests),
        ("tests", "one test of such a file", "language.md#fixture-tests", test),
    ]
    return {
        "sections": [
            {"name": name, "told": told, "page": page, "fields": fields.rows_of(shape)}
            for name, told, page, shape in sections
        ]
    }


PAGES: dict[str, Callable[[], dict[str, Any]]] = {
    "commands": commands,
    "documents": documents,
    "envelopes": envelopes,
    "formats": formats,
    "kinds": kinds,
    "library": library,
    "reference": reference,
    "rules": rules,
}
"""The pages that are generated whole: their names, which are those of their templates too."""
