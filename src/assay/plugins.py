"""Finds the plug-ins that a spec names: installed packages, and never a file of the project.

Nothing here is imported unless a spec has the field `plugins`.
"""

from __future__ import annotations

import os
import re
import site
import sys
import sysconfig
from importlib import import_module
from importlib.metadata import Distribution, DistributionFinder, MetadataPathFinder
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assay.gate import top_of
from assay.registry import Plugin, PluginError, Registry, described, using
from assay.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.model import Rule

GROUP = "assay.plugins"
"""The group of entry points. Each is called `REGISTRY.NAME`, such as `types.acme-token`."""
REGISTRIES: dict[str, str] = {
    "databases": "assay.databases:BACKENDS",
    "documents": "assay.documents:DOCUMENTS",
    "envelopes": "assay.crypto.envelopes:ENVELOPES",
    "kinds": "assay.kinds:KINDS",
    "probes": "assay.probes:PROBES",
    "reporters": "assay.reporters:REPORTERS",
    "sources": "assay.sources:SOURCES",
    "types": "assay.formats:FORMATS",
}
"""What plug-ins call each registry, and where it is."""
_FUNCTIONS = ("parse", "shape", "lint", "checks", "needs", "evaluate")
"""What every kind has to have."""


class MissingError(Exception):
    """No installed package has the name."""

    def __init__(self, similar: str | None) -> None:
        """`similar` is a plug-in with a similar name, if there is one."""
        self.similar = similar
        super().__init__(similar)


def plugin_called(name: str, root: str) -> Plugin:
    """The installed plug-in `name`, for a spec whose root folder is `root`.

    Raises:
        MissingError: no such package is installed.
        PluginError: it isn't a plug-in for this version of assay.

    """
    path = [entry for entry in sys.path if not _of_project(entry or os.curdir, root)]
    found = next(iter(_distributions(path, name)), None)
    if found is None:
        raise MissingError(closest(_normalized(name), _plugins(path)))
    entries = [
        (*entry.name.partition(".")[::2], entry.value.replace(" ", ""))
        for entry in found.entry_points.select(group=GROUP)
    ]
    plugin = Plugin(found.name, found.version, tuple(sorted(entries)))
    for reason in _misfits(plugin, root):
        raise PluginError(plugin, reason)
    return plugin


def _distributions(path: Sequence[str], name: str | None = None) -> Iterable[Distribution]:
    context = DistributionFinder.Context(path=list(path), name=name)
    return MetadataPathFinder.find_distributions(context)


def _plugins(path: Sequence[str]) -> Iterator[str]:
    """The names of all plug-ins that are installed."""
    for found in _distributions(path):
        if found.entry_points.select(group=GROUP):
            yield _normalized(found.name)


def _normalized(name: str) -> str:
    """https://packaging.python.org/en/latest/specifications/name-normalization/."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _of_project(path: str, root: str) -> bool:
    """Whether a path is in the project or the current folder, other than where packages are."""
    real = os.path.realpath(path)
    if any(_below(real, os.path.realpath(folder)) for folder in _site_packages()):
        return False
    return any(_below(real, os.path.realpath(top)) for top in (top_of(root), root, os.getcwd()))


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _site_packages() -> Iterator[str]:
    """Where the packages of this Python are installed."""
    yield from site.getsitepackages()
    if site.ENABLE_USER_SITE:
        yield site.getusersitepackages()
    yield sysconfig.get_path("purelib")
    yield sysconfig.get_path("platlib")


def _misfits(plugin: Plugin, root: str) -> Iterator[str]:
    """Why a package can't be used as a plug-in."""
    if not plugin.entries:
        yield f"it has no entry points in the group {GROUP}"
    for group, name, place in plugin.entries:
        if group not in REGISTRIES:
            known = ", ".join(REGISTRIES)
            yield f"its entry point {group}.{name} doesn't begin with one of {known}"
        if not re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", place):
            yield f"its entry point {group}.{name} isn't of the form `module:attribute`"
    for package in sorted(plugin.packages):
        if any(_of_project(place, root) for place in _places(package)):
            yield f"Python would import {package} from the project, not from an installed package"


def _places(package: str) -> Iterator[str]:
    """The files and folders that importing a package would run."""
    try:
        found = find_spec(package)
    except (ImportError, ValueError):
        return
    if found is not None:
        yield from (found.origin,) if found.has_location and found.origin else ()
        yield from found.submodule_search_locations or ()


def registry_of(group: str) -> Registry[Any]:
    """The registry that plug-ins call `group`."""
    module, _, attribute = REGISTRIES[group].partition(":")
    found: Registry[Any] = getattr(import_module(module), attribute)
    return found


def faults(plugin: Plugin) -> Iterator[str]:
    """What is wrong with the objects of a plug-in; it imports all of them."""
    with using([plugin]):
        for group, name, _ in plugin.entries:
            try:
                made = registry_of(group)[name]
                yield from (f"{group}.{name} {wrong}" for wrong in _unfit(group, made))
            except PluginError as error:
                yield error.reason
            except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever its code does
                yield f"looking at {group}.{name} failed with {described(error)}"


def _unfit(group: str, made: Any) -> Iterator[str]:
    """What assay would stumble over in an object of the right type."""
    from assay.model import Rule

    if group == "kinds":
        yield from (f"has no function {one}" for one in _FUNCTIONS if not _calls(made, one))
    if group == "probes":
        yield from (f"has no function {one}" for one in ("of", "close") if not _calls(made, one))
    if group in ("kinds", "types"):
        if not isinstance(made.rules, tuple):
            yield "has rules that aren't a tuple"
        elif not all(isinstance(rule, Rule) for rule in made.rules):
            yield "has rules that aren't a Rule"


def _calls(made: Any, name: str) -> bool:
    return callable(getattr(made, name, None))


def rules_of(plugin: Plugin) -> Iterator[Rule]:
    """The rules that a plug-in's kinds and types can break."""
    with using([plugin]):
        for group in ("kinds", "types"):
            for name in plugin.places(group):
                yield from registry_of(group)[name].rules
