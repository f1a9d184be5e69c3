"""What can be wrong with the plug-ins that a spec names."""

from __future__ import annotations

from assay.model import Category, Rule

CLASH = Rule(
    code="spec-plugin-clash",
    category=Category.SPEC,
    message="{plugin} and {other} both provide {name}",
    remedy="Remove one of the two plug-ins, or use a version of {plugin} that calls it something "
    "else.",
    why="The spec would mean something different depending on which of the two was found first.",
)
FAILED = Rule(
    code="spec-plugin-failed",
    category=Category.SPEC,
    message="the plug-in {plugin} {version} can't be used: {reason}",
    remedy="Install a version of {plugin} that works with this version of assay, or report the "
    "problem to its authors.",
    why="A plug-in that raises or doesn't fit leaves parts of the spec without a meaning.",
)
MISSING = Rule(
    code="spec-plugin-missing",
    category=Category.SPEC,
    message="the plug-in {name} is not installed",
    remedy="If you trust the package {name}, run `pip install {name}` in the environment that "
    "assay runs in. Otherwise correct the name or remove it from `plugins`.",
    why="Nothing that the plug-in provides can be checked.",
    bad="plugins: [acme-asay]",
    good="plugins: [acme-assay]",
    messages={"similar": "the plug-in {name} is not installed: did you mean {similar}?"},
)
RULES = (CLASH, FAILED, MISSING)
