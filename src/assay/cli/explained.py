"""Explains rules, value types and envelopes."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from assay.crypto.envelopes import ENVELOPES
from assay.documents.rules import plain
from assay.formats import FORMATS
from assay.reporters.display import Pen, visible, widest, wrap
from assay.spec.structs import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.model import Rule


class Explanation(NamedTuple):
    """Something explained: for people a title and labelled texts, for programs its data."""

    title: str
    note: str
    """What it is, in brackets after the title."""
    lines: Sequence[tuple[str, str]]
    """Labels and texts; a text without a label goes on with the one before, `("", "")` is a gap."""
    data: Any

    def text(self, pen: Pen) -> str:
        """It for a terminal: wrapped, and coloured if the pen is."""
        size = max(widest(label for label, _ in self.lines), 6)
        indent = " " * (size + 4)
        lines = [f"{pen.paint(visible(self.title), 'bold')} ({visible(self.note)})", ""]
        for label, text in self.lines:
            first, *more = text.split("\n")
            head = f"  {pen.paint(label, 'blue')}{' ' * (size - len(label))}  "
            for number, part in enumerate((first, *more)):
                said = wrap(visible(part), pen.width, first=len(indent), indent=indent)
                lines.append(f"{indent if number else head}{said}".rstrip())
        return "\n".join(lines) + "\n"


def of_rule(rule: Rule) -> Explanation:
    """A rule in full."""
    lines = [("formerly", old) for old in rule.formerly]
    lines += [("what", plain(rule.message)), *_cases(rule.messages)]
    lines += [("why", rule.why), ("remedy", plain(rule.remedy)), *_cases(rule.remedies)]
    for label, example in (("bad", rule.bad), ("good", rule.good)):
        if example:
            lines += [("", ""), (label, example)]
    return Explanation(rule.code, f"{rule.severity}, {rule.category}", lines, rule)


def _cases(texts: Any) -> Iterator[tuple[str, str]]:
    for case, text in texts.items():
        yield "", f"{case}: {plain(text)}"


def of_type(name: str) -> Explanation:
    """A value type with its parameters, in the words of the reference."""
    form = FORMATS[name]
    made: Any = None
    with suppress(TypeError):  # it can't be made without parameters
        made = form()
    lines = [("what", _first(form.__doc__))]
    fields = {n: field for n, field in shape_of(form)["properties"].items() if n != "type"}
    lines += _parameters(fields)
    if made is not None and made.example():
        lines.append(("example", made.example()))
    if made is not None and made.command():
        lines.append(("make", f"`{made.command()}`"))
    if made is not None and made.sensitive:
        lines.append(("secret", "unless `secret: false` is given"))
    if form.rules:
        lines.append(("rules", ", ".join(rule.code for rule in form.rules)))
    lines += [("", ""), ("write", f"NAME: {{type: {name}}}")]
    data = {"type": name, "title": form.title, "description": _first(form.__doc__)}
    return Explanation(name, "value type", lines, data | {"parameters": fields})


def of_envelope(name: str) -> Explanation:
    """An envelope: what it looks like, and which keys open it."""
    made = ENVELOPES[name]
    lines = [("what", _first(made.__doc__)), ("looks", made.shape)]
    if made.remote:
        lines.append(("opens", f"only with {made.remote}, so assay recognises it and no more"))
    else:
        lines.append(("cipher", ", ".join(sorted(made.ciphers))))
    fields = {
        field.encode_name: {"description": ""}
        for field in msgspec.structs.fields(made)
        if not field.name.startswith("_")
    }
    if fields:
        lines.append(("fields", ", ".join(fields)))
    lines += [("", ""), ("write", f"envelope: {name}")]
    data = {"envelope": name, "shape": made.shape, "ciphers": sorted(made.ciphers)}
    return Explanation(name, "envelope", lines, data)


def _parameters(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    label = "fields"
    for field, shape in fields.items():
        yield label, f"`{field}`: {shape.get('description', '')}"
        label = ""


def _first(text: str | None) -> str:
    first, *_ = (text or "").strip().split("\n\n")
    return " ".join(first.split())
