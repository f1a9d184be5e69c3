"""What a spec may say of a rule of its own."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from assay.kinds.variable.spec import Loosens, SeverityName
from assay.spec.narrows import EXEMPTING, FREE, SEVERITY, becoming, merging


class CrossRule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """A condition over several variables that must hold in each environment."""

    section: ClassVar[str] = "rules"

    when: Annotated[
        str | None,
        Meta(
            description="A CEL condition; where it is false, or hangs on something unset, the rule "
            "does not apply.",
            examples=["MPESA_ENVIRONMENT == 'production'"],
        ),
        EXEMPTING,
    ] = None
    assertion: Annotated[
        str,
        Meta(
            description="The CEL condition that must be true.",
            min_length=1,
            examples=["MPESA_CALLBACK_URL.startsWith('https://')"],
        ),
    ] = msgspec.field(name="assert")
    message: Annotated[
        str,
        Meta(
            description="What is wrong where it is false, in a sentence; shown in findings.",
            min_length=1,
            examples=["The callback URL must be a public https address."],
        ),
        FREE,
    ]
    remedy: Annotated[
        str,
        Meta(
            description="What a person can do about it, in a sentence.",
            examples=["Set MPESA_CALLBACK_URL to the deployed address."],
        ),
        FREE,
    ] = ""
    reveals: Annotated[
        bool,
        Meta(
            description="Whether its conditions may look into secrets. Whoever reads the report "
            "then learns the answer.",
        ),
        merging(becoming(False), allows=("assert", "when")),
    ] = False
    severity: Annotated[
        SeverityName, Meta(description="How bad it is where the rule is broken."), SEVERITY
    ] = "error"
    description: Annotated[
        str, Meta(description="Why the rule is there, in a sentence; shown in documents."), FREE
    ] = ""
    group: Annotated[str, Meta(description="The heading under which documents list it."), FREE] = ""
    loosens: Loosens = ()


def parse_rule(_name: str, data: Any) -> CrossRule:
    """A rule from its YAML data; raises `msgspec.ValidationError` for a wrong shape."""
    return msgspec.convert(data, CrossRule)
