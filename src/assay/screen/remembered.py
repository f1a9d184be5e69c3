"""Remembers a validated spec, so that the next run need not parse it again.

An entry holds a keyed digest of every file it was made from and is used only while all of them are
the same, so it can be stale for no edit at all. It is plain data (`marshal`), never code, kept in
the user's own cache folder, and ignored unless this user wrote it there. It holds specs only: no
value of any environment, and no spec that gives a secret a default.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from assay.gate import inside_of, named_inside
from assay.screen import store
from assay.spec.assembly import assemble
from assay.spec.discovery import located

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.screen import SimpleArguments
    from assay.spec.document import Spec


def load_cached(
    given: str | None,
    working: str,
    *,
    allowed: Sequence[str] = (),
    inside: tuple[str, ...] | None = None,
    keep: bool = True,
) -> Spec:
    """The spec as `load_spec` gives it, remembered from the last time if nothing changed.

    `inside` is where `given` has to lie unless a person named it; `keep` is whether this run may
    remember anything for the next.

    Raises:
        SpecError: the spec can't be read or is invalid.

    """
    known = store.recall(given, working, store.TREE, allowed=allowed, inside=inside)
    if known is not None:
        try:
            root, (data, places, names) = known
            within = inside_of(root, allowed, working) if inside is None else inside
            return assemble(data, places, root, names, within)
        except (AttributeError, KeyError, TypeError, ValueError):
            pass  # the entry is damaged; msgspec's errors are ValueErrors too
    return load_and_remember(given, working, allowed=allowed, inside=inside, keep=keep)[0]


def screened_afresh(simple: SimpleArguments) -> bool:
    """Whether a hook is certain to find nothing, by a plan made now if none was remembered.

    Raises:
        SpecError: the spec can't be read or is invalid.

    """
    working = os.getcwd()
    return all(
        _clean_afresh(simple, folder, [os.path.join(working, file) for file in files], working)
        for folder, files in simple.projects(working).items()
    )


def _clean_afresh(simple: SimpleArguments, folder: str, files: list[str], working: str) -> bool:
    """The same for the files of one project, whose spec is looked for from a folder."""
    if store.recall(simple.spec, folder, store.PLAN) is not None:
        return False  # the screen has judged by it already, or by that of a different project
    from assay.screen.judge import clean

    spec, plan = load_and_remember(simple.spec, folder)
    inside = named_inside(spec.root, files, working)
    return not spec.plugins and clean(plan, spec.root, files, simple.environment, inside)


def plan_of(spec: Spec, given: str | None, working: str) -> Any:
    """The plan of a loaded spec, remembered or made now."""
    known = None
    if given != "-":
        known = store.recall(given, working, store.PLAN, allowed=spec.allowed)
    if known is not None:
        return known[1]
    from assay.screen.plan import compile_plan

    return compile_plan(spec)


def load_and_remember(
    given: str | None,
    working: str,
    *,
    allowed: Sequence[str] = (),
    inside: tuple[str, ...] | None = None,
    keep: bool = True,
) -> tuple[Spec, Any]:
    """The spec and its plan for the screen; both are remembered unless nothing is to be kept.

    Raises:
        SpecError: the spec can't be read or is invalid.

    """
    from assay.screen.plan import compile_plan
    from assay.spec.loader import read_merged, validated

    try:
        before = located(given, working, allowed=allowed, inside=inside)
    except OSError:
        before = None  # the loader reports why
    merger = read_merged(given, working=working, allowed=allowed, inside=inside)
    spec = validated(merger)
    plan = compile_plan(spec)
    secrets = [e.declared.default for e in spec.variables.values() if e.declared.secret]
    # what plug-ins make of a spec changes with their versions
    own = not spec.plugins and not any(secrets) and not _pasted(spec)
    if keep and before is not None and before[0] == merger.root and own:
        places = {path: tuple(place) for path, place in merger.body.places.items()}
        contents = merger.contents.items()
        sources = {os.path.relpath(path, merger.root): content for path, content in contents}
        tree = (merger.body.data, places, spec.files)
        parts = {store.TREE: tree, store.PLAN: plan}
        store.remember(given, working, before, sources, parts, allowed=allowed, inside=inside)
    return spec, plan


def _pasted(spec: Spec) -> bool:
    """Whether a credential was pasted where a source's file or address belongs."""
    from assay.discretion import looks_secret

    sources = (source for place in spec.environments.values() for source in place.values)
    return any(looks_secret(source.label) for source in sources)
