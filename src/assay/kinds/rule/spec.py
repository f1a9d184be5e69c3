"""What a spec may say of a rule of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from assay.kinds.fields import Loosens, Said, SeverityName, about, described
from assay.spec.narrows import EXEMPTING, FREE, SEVERITY, becoming, merging


class CrossRule(Said, frozen=True, kw_only=True):
    """A condition over several variables that must hold in each environment."""

    section: ClassVar[str] = "rules"

    when: Annotated[
        str | None,
        about(
            "A CEL condition; if it is false, or depends on an unset variable, the "
            "rule does not apply.",
            ["MPESA_ENVIRONMENT == 'production'"],
        ),
        EXEMPTING,
    ] = None
    assertion: Annotated[
        str,
        about(
            "The CEL condition that must be true.",
            ["MPESA_CALLBACK_URL.startsWith('https://')"],
            min_length=1,
        ),
    ] = msgspec.field(name="assert")
    message: Annotated[
        str,
        about(
            "What is wrong if the condition is false, in a sentence; shown in findings.",
            ["The callback URL must be a public https address."],
            min_length=1,
        ),
        FREE,
    ]
    remedy: Annotated[
        str,
        about(
            "What to do about it, in a sentence.",
            ["Set MPESA_CALLBACK_URL to the deployed address."],
        ),
        FREE,
    ] = ""
    reveals: Annotated[
        bool,
        about(
            "Whether the conditions may examine secrets. Everyone who reads the report "
            "then learns the answer."
        ),
        merging(becoming(False), allows=("assert", "when")),
    ] = False
    severity: Annotated[SeverityName, about("How bad a violation is."), SEVERITY] = "error"
    description: Annotated[str, described("Why the rule exists")] = ""
    group: Annotated[str, about("The heading under which documents list it."), FREE] = ""
    loosens: Loosens = ()
