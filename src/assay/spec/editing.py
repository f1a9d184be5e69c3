"""The JSON Schema of the language as editors want it: with texts in Markdown, and without noise.

Validators ignore what is added here. `markdownDescription` and `doNotSuggest` are understood by
yaml-language-server and by the editors that come with it, VS Code among them.
"""

from __future__ import annotations

import json
from typing import Any

from assay.kinds import KINDS
from assay.spec.language import language_schema
from assay.spec.sharing import shared

_MARKUP = frozenset("\\`*_{}[]#+!\n")
"""What means something in Markdown: editors escape it in a plain description."""


def editor_schema() -> dict[str, Any]:
    """The schema of one spec file, to be read by people as they write one."""
    schema: dict[str, Any] = json.loads(json.dumps(language_schema()))
    for kind in KINDS.values():
        if kind.for_editors is not None:
            kind.for_editors(schema)
    _tell(schema, "")
    return shared(schema)


def _tell(schema: Any, above: str) -> None:
    """Put descriptions into Markdown, each with its default; `above` describes the whole field.

    An editor shows the description of the alternative that fits in place of the field's own, so
    each alternative tells both.
    """
    if not isinstance(schema, dict):
        return
    told = _told(schema)
    if told:
        whole = told if above in told else f"{told}\n\n{above}"
        if whole != schema.get("description") or not _MARKUP.isdisjoint(whole):
            schema["markdownDescription"] = whole
    for form in schema.get("anyOf", ()):
        _tell(form, told)
    for form in schema.get("allOf", ()):
        _tell(form, "")
    for key in ("$defs", "properties"):
        for field in schema.get(key, {}).values():
            _tell(field, "")
    for key in ("additionalProperties", "else", "items", "then"):
        _tell(schema.get(key), "")


def _told(schema: dict[str, Any]) -> str:
    if "markdownDescription" in schema:
        return str(schema["markdownDescription"])
    if "description" not in schema:
        return ""
    text = schema["description"].replace("\n", "\n\n")
    if "const" in schema:
        text = f"`{_yaml(schema['const'])}`: {text}"
    return f"{text}\n\nDefault: `{_yaml(schema['default'])}`." if "default" in schema else text


def _yaml(value: object) -> str:
    """A value as a spec would hold it in one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
