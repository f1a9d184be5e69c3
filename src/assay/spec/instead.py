"""The YAML to write instead of what people write first: short forms, and words of other tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assay.formats import FORMATS
from assay.registry import cached
from assay.spec import foreign
from assay.spec.flow import flow, pair
from assay.spec.instead_mappings import DOCUMENTS
from assay.spec.instead_sources import FILE, source
from assay.spec.meant_types import Meant, type_for
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from assay.spec.places import Path


def meant_field(
    name: str, path: Path, entry: Mapping[str, Any], known: Collection[str]
) -> Meant | None:
    """The field that a name of other tools stands for, with the value that it then has."""
    value, word = entry.get(name), foreign.folded(name)
    if path[:1] == ("variables",) and len(path) == 2:
        found = _of_variable(name, word, value, entry)
        if found is not None:
            return found
        kind = type_for(str(entry.get("type", "text"))) or "text"
        own_type = FORMATS[kind].__struct_encode_fields__
        known = [*own_type, *(set(known) - _parameters())]
    if path[:1] == ("environments",) and word in ("variables", "vars"):
        return None  # which belong elsewhere
    if path[:1] == ("databases",) and len(path) == 2 and word in _REACHING:
        url = value if word == "url" and isinstance(value, str) and value.isupper() else ""
        step = (
            f"Write `sql: {{url: {url or 'DATABASE_URL'}}}` with the variable that holds the URL."
        )
        return Meant("sql", step)
    negated = foreign.NEGATED.get(word, "")
    if word == "required":
        negated = next((field for field in ("optional", "nullable") if field in known), "")
    value = {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value
    if negated in known and isinstance(value, bool):
        step = f"Write `{pair(negated, not value)}` instead of `{pair(name, value)}`."
        return Meant(negated, step)
    same = [field for field in known if foreign.folded(field) == word]
    same += [field for field in known if f"{foreign.folded(field)}s" == word]
    own = next(iter(same or foreign.candidates(name, known)), None)
    if own == "environments" and not path and not _by_name(value):
        own = "variables"  # as in a Compose file
    if own in ("variables", "environments") and not path:
        return Meant(own, f"Write `{own}` instead of `{name}`.")
    return (
        None
        if own is None
        else Meant(own, f"Write {_field(own, value, path)} instead of `{name}`.")
    )


def _by_name(value: Any) -> bool:
    """Whether a value may be entries by their names."""
    return isinstance(value, dict) and all(isinstance(v, dict | None) for v in value.values())


def _field(own: str, value: Any, path: Path) -> str:
    """A field with the value that a foreign one had."""
    if own == "values" and path[:1] != ("environments",):
        return "`values`"
    if own == "values":
        return f"`values: [{source(value)}]`"
    value = _translated(own, value)
    if own in _PROSE and not isinstance(value, (bool, int, float)):
        return f"`{own}`"  # not to repeat a secret
    if own in ("schemes", "only-in", "between", "imports", "plugins") and isinstance(value, str):
        value = [value]
    if own == "of" and isinstance(value, dict) and isinstance(value.get("type"), str):
        value = value["type"]
    if own == "of" and isinstance(value, str):
        value = type_for(value) or value
    return f"`{pair(own, value)}`"


def _translated(own: str, value: Any) -> Any:
    """A value as the field has it: one word instead of a list of one, a word of ours."""
    if own in _SINGLE and isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return value
    if own in _SWITCHES:
        return {"enabled": True, "on": True, "disabled": False, "off": False}.get(value, value)
    words = foreign.WORDS.get(own, {})
    return words.get(foreign.folded(value), value.lower() if own == "cipher" else value)


_REACHING = frozenset(
    (
        *("connectionstring", "dbname", "host", "hostname", "name", "password", "port", "uri"),
        *("url", "user", "username"),
    )
)
"""What other tools have for a database beside each other, and a URL has in it."""
_SINGLE = frozenset(["environment", "key", "rule", "subject", "table", "type", "url", "variable"])
_SWITCHES = frozenset(["live", "nullable", "optional", "row-level-security", "secret", "unique"])


def _of_variable(name: str, word: str, value: Any, entry: Mapping[str, Any]) -> Meant | None:
    """What only a variable has: lists of options, and JSON Schema's `format`."""
    if word in foreign.CHOICES and word != "in" and isinstance(value, (list, str)):
        shown = pair("options", listed(value) if isinstance(value, str) else value)
        first = "" if entry.get("type") == "enum" else "`type: enum` and "
        return Meant("options", f"Write {first}`{shown}` instead of `{name}`.")
    if word == "format" and isinstance(value, str) and (own := type_for(value)):
        return Meant("type", f"Write `type: {own}` instead of `format`.")
    if word in ("length", "size", "len", "exactlength") and entry.get("type", "text") == "text":
        both = f"`{pair('min-length', value)}` and `{pair('max-length', value)}`"
        return Meant("min-length", f"Write {both} instead of `{name}`.")
    sized = word in ("length", "len", "digits") and entry.get("type") == "hex"
    if sized and isinstance(value, int) and value % 2 == 0:
        return Meant("bytes", f"Write `bytes: {value // 2}` for {value} hex digits.")
    if word in ("range", "between") and isinstance(value, list) and len(value) == 2:
        both = f"`{pair('minimum', value[0])}` and `{pair('maximum', value[1])}`"
        return Meant("minimum", f"Write {both} instead of `{name}`.")
    if word == "devdefault":
        step = f"Put the value into .env, or write `{pair('default', value)}`."
        return Meant("default", step)
    return None


@cached
def _parameters() -> frozenset[str]:
    """The fields that only some types have."""
    return frozenset(name for form in FORMATS.values() for name in form.__struct_encode_fields__)


def types_with(field: str) -> list[str]:
    """The types that have a parameter."""
    return [name for name in FORMATS if field in FORMATS[name].__struct_encode_fields__]


def meant_common(name: str, path: Path, entry: Mapping[str, Any]) -> str:
    """A field of every type that a field of some types probably means; empty if there is none."""
    common = [own for own in foreign.FIELDS.get(name, ()) if own not in _parameters()]
    found = meant_field(name, path, entry, common) if common else None
    return found.step if found and name not in foreign.TAKEN_BY else ""


def typed(field: str, entry: Mapping[str, Any]) -> str:
    """What to do about a parameter that the variable's type lacks."""
    have = types_with(field)
    if entry.get("type", "text") == "text":
        usual = foreign.TAKEN_BY.get(field) or (have[0] if len(have) == 1 else "")
        if usual in have:
            others = [name for name in have if name != usual]
            more = (
                f", or a different type with it ({either(others)})" if 0 < len(others) < 6 else ""
            )
            return f"Write `type: {usual}`{more}."
    if 0 < len(have) <= 6:
        return f"Remove `{field}`, or choose a type that has it: {either(have)}."
    return f"Remove `{field}`, or choose a type that has it."


def listed(text: str) -> list[str]:
    """The items of a list that was written as one text."""
    items = re.split(r"\s*[,|&]\s*|\s+(?:(?:and|or)\s+)?", text.strip("[]() "))
    return [item for item in items if item]


def as_list(name: str, value: Any) -> str:
    """How to write a list of what stands alone."""
    if name == "values":
        return f"Write `values: [{source(value)}]`."
    if name == "checks" and isinstance(value, str) and flow([value]):
        return f"Write `{name}: {flow([value])}`."
    if isinstance(value, str) and (shown := flow(listed(value))):
        return f"Write `{name}: {shown}`."
    if isinstance(value, dict) and name in ("options", "unused", "plugins") and flow([*value]):
        return f"Write `{name}: {flow([*value])}`."
    if isinstance(value, dict) and name == "waivers" and value:
        first = flow(next(iter(value)))
        return f"Write each as an item of a list, beginning with `- rule: {first or 'CODE'}`."
    return (
        "Write a list, with a dash before each item."
        if isinstance(value, dict)
        else "Write a list."
    )


_FILES = frozenset(("env", "envfile", "file", "files", "path"))
"""What other tools call the source that is a .env file."""
_PROSE = frozenset(
    (
        "ciphertext",
        "default",
        "description",
        "example",
        "message",
        "obtain",
        "owner",
        "plaintext",
        "project",
        "reason",
    )
)
"""Fields for any text, which may be a secret that was pasted."""


def meant_word(field: str, value: Any, words: Collection[Any]) -> Meant | None:
    """The word of a field that one of other tools stands for."""
    if field == "values" and isinstance(value, str):
        shown = source(value)
        if shown == "process" or value == "dotenv" or re.match(r"\.|.*\.env", value):
            return Meant(shown.strip("{}"), f"Write `{shown}`.")
    if field == "values" and isinstance(value, dict) and len(value) == 1:
        name, item = next(iter(value.items()))
        if foreign.folded(name) in _FILES and isinstance(item, str) and FILE.fullmatch(item):
            return Meant("dotenv", f"Write `{source(item)}`.")
    if field == "parity" and (only := re.match(r"only[- ]in:?\s+(.+)", str(value))):
        shown = f"{{only-in: {flow(listed(only[1]))}}}"
        return Meant(shown, f"Write `{shown}`.")
    if field == "values" and value in ("live", "description", "undeclared"):
        return Meant(f"{value}: ...", f"Write `{value}: ...` beside `values`, not in it.")
    if field == "derive" and value == "fit":
        return Meant("{fit: {}}", "Write `derive: {fit: {}}`.")
    if field == "derive" and value in _DERIVE:
        step = f"Write `derive: {_DERIVE[value]}`, with the parameters that the application has."
        return Meant(_DERIVE[value], step)
    if field in ("required", "secret", "optional", "live"):
        return None
    same = [w for w in words if isinstance(w, str) and foreign.folded(w) == foreign.folded(value)]
    own = next(iter(same), None) or foreign.word_for(field, value, words)
    return Meant(own, f"Write `{own}`.") if own else None


def as_flag(name: str, value: str) -> str:
    """How to write true or false; empty if it is neither."""
    for word, texts in (("true", ("yes", "on", "y")), ("false", ("no", "off", "n"))):
        if value.lower() in texts:
            return f"Write `{name}: {word}`: in YAML 1.2 `{value}` is text."
    return ""


def as_text(path: Path, value: Any) -> str:
    """How to write as text what YAML read as a list or a mapping; empty if that is unclear."""
    name = path[-1]
    if path[:1] == ("imports",) and isinstance(value, dict) and "builtin" in value:
        return f"Write `builtin:{value['builtin'] or 'NAME'}`, without a space after the colon."
    if path[:1] == ("waivers",) and isinstance(value, list) and flow(value):
        return f"Write a waiver for each, the first with `{name}: {flow(value[0])}`."
    if name in ("required", "when"):
        return _condition(str(name), value)
    if name in _SINGLE and isinstance(value, list) and len(value) == 1 and flow(value[0]):
        return f"Write `{name}: {flow(value[0])}`."
    if name == "default" and isinstance(value, dict) and any(value.values()):
        return "Write one default; what an environment sets stands in its source, such as .env."
    if name == "default" and isinstance(value, list):
        return "Write the text that the variable holds, as in `default: 'one,two'`."
    if name == "dotenv" or not isinstance(name, str):
        return ""
    sign, ends, what = ("[", "]", "list") if isinstance(value, list) else ("{", "}", "mapping")
    return f"Write `{name}: '{sign}...{ends}'`: without quotes, `{sign}` begins a {what} in YAML."


def _condition(name: str, value: Any) -> str:
    if isinstance(value, list) and flow(value):
        quoted = ", ".join(f"'{item}'" for item in value)
        return f'Write a condition: `{name}: "environment in [{quoted}]"`.'
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("when", "if"):
        [text] = value.values()
        return f"Write the condition alone: `{pair(name, text)}`." if flow(text) else ""
    if isinstance(value, dict) and value and flow(list(value.values())):
        parts = (f"{key} == {_literal(item)}" for key, item in value.items())
        return f'Write a condition: `{name}: "{" && ".join(parts)}"`.'
    return ""


def _literal(value: Any) -> str:
    return flow(value) if isinstance(value, (bool, int, float)) else f"'{value}'"


_DERIVE = {
    "scrypt": "{scrypt: {salt: salt}}",
    "pbkdf2": "{pbkdf2: {salt: salt, iterations: 600000}}",
    "hkdf": "{hkdf: {info: ''}}",
}
"""How to write what only has a long form; its parameters are those of the application."""


def turned(path: Path, value: Any) -> Meant | None:
    """A document before its path, which comes first."""
    kind = str(path[-1])
    if path[:1] != ("documents",) or kind not in DOCUMENTS or not flow(value):
        return None
    return Meant(f"{value}: {kind}", f"Write the path first: `{value}: {kind}`.")
