"""`assay explain`: explains what a rule means, why it matters, and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.cli import options
from assay.cli.project import use_plugins
from assay.documents.rules import plain
from assay.errors import UsageError
from assay.reporters.display import Pen
from assay.spec.rulebook import all_rules, renamed_codes
from assay.suggest import hint

if TYPE_CHECKING:
    import argparse

    from assay.cli.streams import Streams
    from assay.model import Rule

EPILOG = """\
examples:
  assay explain                      list every rule
  assay explain variable-missing     explain one
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    options.several(parser, "rules", "RULE", "a rule's code (default: list all)")
    options.text_or_json(parser)
    options.spec(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Explain the rules that were named, or list them all."""
    use_plugins(arguments)
    known = all_rules()
    renamed = renamed_codes()
    for code in arguments.rules:
        if code not in known and code not in renamed:
            raise UsageError(
                f"{code} is not a rule{hint(code, known)}", "Run `assay explain` for all of them."
            )
    chosen = [known[renamed.get(code, code)] for code in arguments.rules]
    if arguments.format == "json":
        streams.write_data(chosen or list(known.values()))
    elif chosen:
        streams.write("\n".join(explained(rule) for rule in chosen))
    else:
        cells = ((rule.code, rule.severity, plain(rule.message)) for rule in known.values())
        lines = Pen().table([[(cell, "") for cell in row] for row in cells])
        streams.write("\n".join(lines) + "\n")
    return 0


def explained(rule: Rule) -> str:
    """One rule in full."""
    lines = [
        f"{rule.code} ({rule.severity}, {rule.category})",
        *(f"formerly {old}" for old in rule.formerly),
        "",
        f"  what    {plain(rule.message)}",
        *(f"          {case}: {plain(text)}" for case, text in rule.messages.items()),
        f"  why     {rule.why}",
        f"  remedy  {plain(rule.remedy)}",
        *(f"          {case}: {plain(text)}" for case, text in rule.remedies.items()),
    ]
    for label, example in (("bad", rule.bad), ("good", rule.good)):
        if example:
            first, *rest = example.split("\n")
            lines += ["", f"  {label:<6}  {first}", *(f"          {line}" for line in rest)]
    return "\n".join(lines) + "\n"
