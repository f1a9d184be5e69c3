"""Remedies that also say where a good value comes from, if the spec or its type does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict


class Remedies(TypedDict):
    """What a rule takes for its remedies."""

    remedy: str
    remedies: Mapping[str, str]


def obtaining(sentence: str) -> Remedies:
    """Remedies of which each is `sentence`, with `[]` for where a value comes from."""
    return Remedies(
        remedy=sentence.replace("[]", ""),
        remedies={
            "obtain": sentence.replace("[]", " (get it here: {obtain})"),
            "generate": sentence.replace("[]", " (make one with `openssl rand -hex 32`)"),
        },
    )
