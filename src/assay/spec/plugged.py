"""Finds the plug-ins that the files of a spec name, and says what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.model import Finding, Location  # noqa: TC001 - the fields of a tuple
from assay.registry import Plugin, PluginError
from assay.spec import plugin_rules, rules
from assay.spec.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from assay.spec.bodies import SpecFile


class Plugged(NamedTuple):
    """The plug-ins of a spec."""

    plugins: tuple[Plugin, ...] = ()
    places: Mapping[str, Location] = {}
    """Where each is named first."""
    problems: tuple[Finding, ...] = ()

    def failure(self, plugin: Plugin, reason: str) -> Finding:
        """A plug-in that failed, at the place where a file names it."""
        return _failed(plugin, f"it failed with {reason}", self.places[plugin.name])


def plugged(sources: Iterable[SpecFile], root: str) -> Plugged:
    """The plug-ins that files name. Nothing is looked for if they name none."""
    named = [
        (name, place_of(source.places, ("plugins", index), source.name).of_value)
        for source in sources
        if isinstance(source.data.get("plugins"), list)
        for index, name in enumerate(source.data["plugins"])
        if isinstance(name, str) and name
    ]
    return _found(named, root) if named else Plugged()


def _found(named: Iterable[tuple[str, Location]], root: str) -> Plugged:
    from assay.plugins import MissingError, faults, plugin_called

    places: dict[str, Location] = {}
    plugins: list[Plugin] = []
    problems: list[Finding] = []
    for name, at in named:
        try:
            plugin = plugin_called(name, root)
        except MissingError as missing:
            values = {"name": name, "similar": missing.similar or ""}
            problems.append(rules.problem(plugin_rules.MISSING, at, values, subject=name))
        except PluginError as error:
            problems.append(_failed(error.plugin, error.reason, at))
        else:
            if plugin.name not in places:
                places[plugin.name] = at
                plugins.append(plugin)
                problems += (_failed(plugin, reason, at) for reason in faults(plugin))
    problems += _clashes(plugins, places)
    if not problems:
        problems += _rule_clashes(plugins, places)
    return Plugged(tuple(plugins), places, tuple(problems))


def _failed(plugin: Plugin, reason: str, at: Location) -> Finding:
    values = {"plugin": plugin.name, "version": plugin.version, "reason": reason}
    return rules.problem(plugin_rules.FAILED, at, values, subject=plugin.name)


def _clashes(plugins: list[Plugin], places: Mapping[str, Location]) -> Iterator[Finding]:
    """Names that stand for something in assay, or in another plug-in."""
    from assay.plugins import registry_of

    for number, plugin in enumerate(plugins):
        for group, name, _ in plugin.entries:
            known = registry_of(group).places
            others = (one.name for one in plugins[:number] if name in one.places(group))
            owner = "assay" if name in known else next(others, "")
            if owner:
                yield _clash(plugin, owner, f"{group}.{name}", places)


def _rule_clashes(plugins: list[Plugin], places: Mapping[str, Location]) -> Iterator[Finding]:
    """Rules with a code that stands for another rule."""
    from assay.plugins import rules_of
    from assay.spec.rulebook import all_rules

    known = {code: ("assay", rule) for code, rule in all_rules().items()}
    for plugin in plugins:
        for rule in rules_of(plugin):
            owner, other = known.setdefault(rule.code, (plugin.name, rule))
            if other != rule:
                yield _clash(plugin, owner, f"the rule {rule.code}", places)


def _clash(plugin: Plugin, other: str, name: str, places: Mapping[str, Location]) -> Finding:
    values = {"plugin": plugin.name, "other": other, "name": name}
    return rules.problem(plugin_rules.CLASH, places[plugin.name], values, subject=plugin.name)
