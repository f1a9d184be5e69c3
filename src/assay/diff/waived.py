"""Demands that are broken, but accepted by a waiver of the spec, as in `assay check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.model import Finding, Outcome
from assay.spec.rulebook import renamed_codes
from assay.waivers import apply_waivers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assay.diff.columns import ComparedColumn
    from assay.diff.rows import DiffRow, Judged
    from assay.spec.document import Spec


def with_waivers(
    found: Sequence[DiffRow], columns: Sequence[ComparedColumn], spec: Spec, today: date
) -> list[DiffRow]:
    """The rows with the waivers that hold `today` for what they break."""
    if not spec.waivers:
        return list(found)
    environments = {column.label: column.environment for column in columns}
    renamed = renamed_codes()

    def waived(judged: Judged, name: str) -> Judged:
        if judged.verdict.holds is not False:
            return judged
        finding = Finding(
            outcome=Outcome.FAIL,
            kind="parity",
            subject=name,
            rule=judged.rule,
            across=tuple(dict.fromkeys(environments[label] for label in judged.columns)),
        )
        (finding,) = apply_waivers([finding], spec.waivers, today, renamed)
        return msgspec.structs.replace(judged, waiver=finding.waiver)

    return [
        msgspec.structs.replace(row, demands=tuple(waived(one, row.name) for one in row.demands))
        for row in found
    ]
