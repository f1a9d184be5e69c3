"""The values of an environment as Python has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.api import prepared
from assay.facts import Secret, Setting, State, Value

if TYPE_CHECKING:
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec


def values(spec: Spec, environment: str, plain: list[Any]) -> dict[str, object]:
    """See `Spec.values`; `plain` holds the process, until it is hidden."""
    plain += (None, None)
    with prepared(spec, plain, offline=True) as run:
        only = ["variable"] if spec.variables else []
        report = run.check(environment, only=only)
        report.raise_for_failures()
        [name] = report.environments
        answers = run.observe([Value(name, variable) for variable in spec.variables])
    return {
        variable: _typed(answers[Value(name, variable)], entry.declared)
        for variable, entry in spec.variables.items()
    }


def _typed(setting: Setting, declared: Declared) -> object:
    text = setting.text
    if text is None and declared.default is not None:
        text = declared.default
    if text is None:
        empty = setting.state is State.EMPTY and declared.format.cel == "string"
        text = "" if empty else None
    if text is None:
        return None
    if declared.secret:
        return Secret(text)
    return declared.format.interpret(text) if text else text
