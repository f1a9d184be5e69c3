"""`assay explain`: explains a rule, a variable of the spec, a value type or an envelope."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from assay.cli import options
from assay.cli.explained import Explanation, of_envelope, of_rule, of_type
from assay.cli.project import load, use_plugins
from assay.crypto.envelopes import ENVELOPES
from assay.documents.rules import plain
from assay.errors import NotFoundError, SpecError, UsageError
from assay.formats import FORMATS
from assay.reporters.display import Pen, widest, wrap
from assay.spec.rulebook import all_rules, renamed_codes
from assay.suggest import hint

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from assay.cli.streams import Streams
    from assay.model import Rule
    from assay.spec.document import Spec

EPILOG = """\
examples:
  assay explain                      list every rule
  assay explain variable-missing     explain one
  assay explain 'port-*'             explain those whose codes match
  assay explain DATABASE_URL         where a variable is declared, and what each source holds
  assay explain uuid fernet          a value type, an envelope
"""
FEW = 5
"""Rules that match a pattern and are explained in full; more of them are listed."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    told = "a rule's code, a pattern such as 'port-*', a variable, a value type or an envelope"
    options.several(parser, "names", "RULE", f"{told} (default: list all rules)")
    options.text_or_json(parser)
    options.spec(parser)
    options.colour(parser, "the text")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Explain what was named, or list all rules."""
    use_plugins(arguments)
    known = all_rules()
    pen = Pen(streams.colour(arguments.colour), streams.width)
    listed, told = _asked(arguments, streams, known)
    if not arguments.names:
        listed = list(known.values())
    if arguments.format == "json":
        streams.write_data([*listed, *(one.data for one in told)])
        return 0
    if listed:  # a line for each, unless people see it: others search it by line
        width = pen.width if streams.stdout.isatty() else 0
        streams.write("\n".join(_table(listed, pen._replace(width=width))) + "\n")
    streams.write("\n".join(one.text(pen) for one in told))
    return 0


def _asked(
    arguments: argparse.Namespace, streams: Streams, known: Mapping[str, Rule]
) -> tuple[list[Rule], list[Explanation]]:
    """The rules to be listed, and what is to be explained in full."""
    listed: list[Rule] = []
    told: list[Explanation] = []
    spec: Spec | None = None
    renamed = renamed_codes()
    for name in arguments.names:
        rules = [rule for code, rule in known.items() if fnmatchcase(code, name)]
        if name in renamed:
            rules = [known[renamed[name]]]
        if len(rules) > FEW:
            listed += rules
        elif rules:
            told += map(of_rule, rules)
        elif name in FORMATS:
            told.append(of_type(name))
        elif name in ENVELOPES:
            told.append(of_envelope(name))
        else:
            spec = spec or _spec(arguments, streams)
            told.append(_variable(name, spec, arguments, streams, known))
    return listed, told


def _spec(arguments: argparse.Namespace, streams: Streams) -> Spec | None:
    """The project's spec, if it has a valid one."""
    try:
        return load(arguments, streams)
    except (NotFoundError, SpecError):
        if arguments.spec is not None:
            raise
        return None


def _variable(
    name: str,
    spec: Spec | None,
    arguments: argparse.Namespace,
    streams: Streams,
    rules: Mapping[str, Rule],
) -> Explanation:
    """A variable of the spec; a usage error for what is nothing that can be explained."""
    if spec is not None and name in spec.variables:
        from assay.cli.explain_variable import of_variable

        return of_variable(name, spec, arguments, streams)
    own: Any = spec.variables if spec is not None else ()
    every = (*rules, *FORMATS, *ENVELOPES, *own)
    where = "" if spec is not None else ", and there is no valid spec here that declares variables"
    raise UsageError(
        f"{name} is not a rule, a value type, an envelope or a variable{where}{hint(name, every)}",
        "Run `assay explain` for all rules.",
    )


def _table(rules: list[Rule], pen: Pen) -> list[str]:
    """A line for each rule, and more if its message is long."""
    size, grade = widest(rule.code for rule in rules), widest(rule.severity for rule in rules)
    indent = " " * (size + grade + 4)
    styles = {"error": "red", "warning": "yellow", "info": "cyan"}
    return [
        f"{pen.paint(rule.code, 'bold')}{' ' * (size - len(rule.code))}  "
        f"{pen.paint(rule.severity, styles[rule.severity])}{' ' * (grade - len(rule.severity))}  "
        + wrap(plain(rule.message), pen.width, first=len(indent), indent=indent)
        for rule in rules
    ]
