"""How a spec says that a column is encrypted, and what an environment holds of its keys."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from assay.errors import KeyFault, UsageError
from assay.escapes import visible
from assay.facts import Value
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.credentials.opening import Process
    from assay.crypto.autopsy import Case
    from assay.crypto.examination import Examination
    from assay.sources.base import World
    from assay.spec.document import Spec
    from assay.spec.environments import Environment


def declared(
    spec: Spec | str | None, environment: str, credential: str, column: str
) -> tuple[str, Callable[[Process | None], Case], dict[str, str]]:
    """What an opener is made with: a column's name, what reads its key, words for messages.

    Nothing of it keeps the spec alive.

    Raises:
        UsageError: the spec has no such environment, credential or column.
        SpecError: the spec is invalid.

    """
    from assay.api import load
    from assay.kinds.credential.kind import examination
    from assay.kinds.credential.spec import Credential
    from assay.sources.base import World
    from assay.spec.document import Spec

    loaded = spec if isinstance(spec, Spec) else load(spec)
    if environment not in loaded.environments:
        raise _unknown(environment, "an environment", loaded.environments)
    known = loaded.entries(Credential)
    if credential not in known:
        raise _unknown(credential, "a credential", known)
    asked = examination(loaded, environment, credential)
    columns = {one.name: one for one in asked.columns}
    if column not in columns:
        raise _unknown(column, f"a column of {credential}", columns)
    asked = replace(asked, columns=(columns[column],), metadata=(), where=None)
    own = loaded.environments[environment]
    root, allowed = loaded.root, loaded.allowed

    def read(process: Process | None) -> Case:
        seen = os.environ if process is None else process.value
        found = _case(own, World(root=root, allowed=allowed, process=seen), asked)
        del seen
        if isinstance(found, KeyFault):
            raise found
        return found

    place = f"{credential}.{column}"
    return place, read, {"key": asked.key, "environment": environment}


def _unknown(name: str, expected: str, known: Mapping[str, object]) -> UsageError:
    listed = ", ".join(known) or "what the spec declares: there is nothing yet"
    said = f"{visible(name)} is not {expected} of the spec{hint(name, known)}"
    return UsageError(said, f"Name {listed}.")


def _case(environment: Environment, world: World, asked: Examination) -> Case | KeyFault:
    """What the environment holds now of the keys, or why there is no key.

    It is returned so that no frame with the values of variables stands in a traceback.
    """
    from assay.probes.credentials import case, text_of, unreadable, variables
    from assay.probes.environment import EnvironmentProbe

    names = variables(asked)
    queries = [Value(asked.environment, name) for name in names]
    answers = EnvironmentProbe({asked.environment: environment}, world)(queries)
    settings = {name: answers[query] for name, query in zip(names, queries, strict=True)}
    gap = unreadable(asked, settings)
    if gap is not None:
        return KeyFault(f"{gap.reason} in {asked.environment}", gap.remedy)
    texts = {name: text_of(setting) for name, setting in settings.items()}
    if texts[asked.variable] is None:
        return KeyFault(
            f"{asked.variable} is not set, or empty in {asked.environment}",
            f"Set {asked.variable} to the key that the rows were encrypted with; then redeploy.",
            rule="variable-missing",
        )
    (column,) = asked.columns
    return case(asked, column, texts)
