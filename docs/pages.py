"""The pages of the reference, made from rules, value types, commands and the schema."""

from __future__ import annotations

import argparse
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from assay.cli.commands import COMMANDS
from assay.cli.explain import plain
from assay.cli.parsing import EPILOG, parser
from assay.formats import FORMATS, format_class
from assay.kinds import KINDS, all_rules, kind
from assay.model import Category, Rule
from assay.spec.rules import RULES as SPEC_RULES
from assay.spec.shapes import language_schema
from assay.spec.variables import COMMON_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

MADE = "<!-- Made by `make docs` from the code; edit the code. -->\n"


def rules() -> str:
    """One section for each rule, and a table of all."""
    known = all_rules()
    lines = [
        "# Rules",
        "",
        MADE,
        f"What assay can find: {len(known)} rules. `assay explain CODE` prints the same in a",
        "terminal. The severity is the rule's own; some specs change it with `severity`.",
        "",
    ]
    for category in Category:
        codes = [rule.code for rule in known.values() if rule.category is category]
        if codes:
            lines.append(f"- **{category}**: " + ", ".join(f"[{c}](#{c})" for c in codes))
    for rule in known.values():
        lines += ["", *_rule(rule)]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> list[str]:
    lines = [
        f"## {rule.code}",
        "",
        f"*{rule.severity}, {rule.category}; {_owner(rule)}*",
        "",
        _no_tags(f"{_sentence(plain(rule.message))} {rule.why}"),
        "",
        _no_tags(
            f"**Remedy.** {_STEP if rule.remedy == '{step}' else _sentence(plain(rule.remedy))}"
        ),
    ]
    for label, example in (("Bad", rule.bad), ("Good", rule.good)):
        if example:
            lines += ["", f"{label}:", "", "```text", example, "```"]
    return lines


_STEP = "The finding says which step: it depends on what was met."


def _no_tags(text: str) -> str:
    """`<name>` as text; Markdown would take it for HTML, but not in code."""
    parts = text.split("`")
    return "`".join(p.replace("<", "\\<") if n % 2 == 0 else p for n, p in enumerate(parts))


def _owner(rule: Rule) -> str:
    if rule in SPEC_RULES:
        return "about the spec itself"
    for name in KINDS:
        if rule in kind(name).rules:
            return f"kind `{name}`"
    types = [name for name in FORMATS if rule in format_class(name).rules]
    return "type " + ", ".join(f"[`{name}`](formats.md#{name})" for name in types)


def formats() -> str:
    """One section for each value type."""
    lines = [
        "# Value types",
        "",
        MADE,
        f"What a variable's `type` can be: {len(FORMATS)} types; `text` where none is given. Each",
        "accepts the [fields of every variable](language.md#variables), and the parameters below.",
        "",
        ", ".join(f"[{name}](#{name})" for name in FORMATS),
    ]
    forms = _forms()
    for name in FORMATS:
        form = format_class(name)
        first, *_ = (form.__doc__ or "").strip().split("\n\n")
        lines += ["", f"## {name}", "", " ".join(first.split()), ""]
        own = forms.get(name, {})
        if own:
            lines += _table(own, _required(name))
            lines.append("")
        try:
            lines += ["Example: " + _code(form().example())]
        except TypeError:
            pass  # it can't be made without parameters
        else:
            lines.append("")
        codes = ", ".join(f"[{rule.code}](rules.md#{rule.code})" for rule in form.rules)
        secret = "Its values are secret unless `secret: false` is given. " if _secret(name) else ""
        conditions = f"Conditions see {_CEL[form.cel]}."
        lines.append(f"{secret}{conditions} Rules: {codes or 'none of its own'}.")
    return "\n".join(lines) + "\n"


_CEL = {
    "bool": "true or false",
    "double": "a number",
    "int": "a whole number",
    "list": "a list",
    "string": "a text",
}


def _secret(name: str) -> bool:
    try:
        return format_class(name)().sensitive
    except TypeError:
        return False


@cache
def _schema() -> dict[str, Any]:
    return language_schema()


def _choices() -> list[Any]:
    """What the schema says for each type."""
    return [choice for choice in _schema()["$defs"]["variables"]["allOf"] if "then" in choice]


@cache
def _forms() -> dict[str, dict[str, Any]]:
    """The parameters of each type."""
    found: dict[str, dict[str, Any]] = {}
    for choice in _choices():
        fields = choice["then"]["properties"]
        found[choice["if"]["properties"]["type"]["const"]] = {
            name: schema
            for name, schema in fields.items()
            if name not in COMMON_FIELDS and isinstance(schema, dict) and "description" in schema
        }
    return found


def _required(name: str) -> list[str]:
    for choice in _choices():
        if choice["if"]["properties"]["type"]["const"] == name:
            return list(choice["then"].get("required", ()))
    return []


def _table(fields: dict[str, Any], required: list[str]) -> list[str]:
    lines = ["| field | value | meaning |", "| --- | --- | --- |"]
    for name, schema in fields.items():
        meaning = " ".join(schema.get("description", "").split())
        if name in required:
            meaning += " Required."
        elif schema.get("default") not in (None, "", [], {}, False):
            meaning += f" Default: {_code(_yaml(schema['default']))}."
        if schema.get("examples"):
            shown = [e if isinstance(e, str) else _yaml(e) for e in schema["examples"][:2]]
            meaning += f" For example {' or '.join(map(_code, shown))}."
        lines.append(f"| `{name}` | {_cell(_values(schema))} | {_cell(meaning)} |")
    return lines


def _values(schema: dict[str, Any]) -> str:
    """What a field can be, in words."""
    if "const" in schema:
        return _code(_yaml(schema["const"]))
    if "enum" in schema:
        return ", ".join(_code(_yaml(value)) for value in schema["enum"])
    if "anyOf" in schema:
        parts = [_values(form) for form in schema["anyOf"]]
        return ", ".join(dict.fromkeys(part for part in parts if part))
    kinds = schema.get("type", [])
    names = [kinds] if isinstance(kinds, str) else kinds
    if "array" in names:
        items = schema.get("items", {})
        return f"a list of {_values(items)}" if "anyOf" not in items else "a list"
    return ", ".join(_KINDS[name] for name in names if name in _KINDS)


_KINDS = {
    "boolean": "true, false",
    "integer": "whole number",
    "number": "number",
    "object": "mapping",
    "string": "text",
}


def _yaml(value: object) -> str:
    """A value as a person would write it in a spec; flow style."""
    if isinstance(value, str):
        plain_text = value and not set(value) & set("'\"#{}[],&*!|>%@`") and ": " not in value
        return value if plain_text else "'" + value.replace("'", "''") + "'"
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_yaml(v)}" for k, v in value.items()) + "}"
    return json.dumps(value)


def _code(text: str) -> str:
    """Inline code; on one line, cut where it is long."""
    line = text.replace("\n", "\\n")
    if len(line) > 100:
        line = line[:60] + "..."
    return f"`` {line} ``" if "`" in line else f"`{line}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def commands() -> str:
    """One section for each command, from the arguments that it takes."""
    tree = parser()
    lines = ["# Commands", "", MADE, tree.description or "", "", "```text", EPILOG.rstrip(), "```"]
    choices: dict[str, argparse.ArgumentParser] = {}
    for action in tree._actions:  # noqa: SLF001 - argparse offers no other way to look inside
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            choices = action.choices
    for name in COMMANDS:
        command = choices[name]
        lines += ["", f"## assay {name}", "", command.description or "", ""]
        lines += ["| argument | meaning |", "| --- | --- |"]
        for argument in command._actions:  # noqa: SLF001 - as above
            lines.append(f"| {_argument(argument)} | {_cell(_sentence(argument.help or ''))} |")
        lines += ["", "```text", (command.epilog or "").rstrip(), "```"]
    return "\n".join(lines) + "\n"


def _argument(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else None
    if value is None and action.choices is not None:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    if not action.option_strings:
        return f"`{value}{'...' if action.nargs in ('*', '+') else ''}`"
    takes = f" {value}" if value and action.nargs != 0 else ""
    return ", ".join(f"`{option}{takes}`" for option in action.option_strings)


def _properties(*path: str) -> list[str]:
    at: Any = _schema()
    for part in path:
        at = at[part]
    names = {name: schema for name, schema in at["properties"].items() if isinstance(schema, dict)}
    return _table(names, at.get("required", []))


def _variable_fields() -> str:
    properties = _schema()["$defs"]["variables"]["properties"]
    common = {n: s for n, s in properties.items() if n in COMMON_FIELDS}
    chosen = {"type": {"description": properties["type"]["description"], "type": "string"}}
    return "\n".join(_table({**chosen, **common}, []))


def _dotenv_fields() -> str:
    for form in _schema()["$defs"]["environments"]["properties"]["values"]["items"]["anyOf"]:
        found = form.get("properties", {}).get("dotenv", {})
        for shape in (found, *found.get("anyOf", ())):
            if "properties" in shape:
                return "\n".join(_table(shape["properties"], shape.get("required", [])))
    raise LookupError("the schema has no fields of the source dotenv")


def _undeclared_fields() -> str:
    for form in _schema()["properties"]["undeclared"]["anyOf"]:
        if "properties" in form:
            return "\n".join(_table(form["properties"], form.get("required", [])))
    raise LookupError("the schema has no long form of `undeclared`")


PARTS: dict[str, Callable[[], str]] = {
    "file": lambda: "\n".join(_properties()),
    "environments": lambda: "\n".join(_properties("$defs", "environments")),
    "dotenv": _dotenv_fields,
    "variables": _variable_fields,
    "keys": lambda: "\n".join(_properties("$defs", "keys")),
    "sealed": lambda: "\n".join(
        _properties("$defs", "keys", "properties", "sealed", "items"),
    ),
    "undeclared": _undeclared_fields,
    "waivers": lambda: "\n".join(_properties("properties", "waivers", "items")),
}
"""The generated parts of language.md, in the order of the page."""
