"""What the population of a column adds to the cause that its rows show one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from assay.crypto.autopsy.causes import Case, Cause, CauseCode, Cluster, Confidence
from assay.crypto.autopsy.population import since

if TYPE_CHECKING:
    from assay.crypto.autopsy.population import Tally

PARTED = 5
"""Rows that open, and as many that don't: chance hardly parts so many from each other."""
_BY_CHANCE = 4
"""Rows of half a table or more whose padding is right: chance does it once in 10**9."""
_OR_DAMAGED = "or-damaged"
_FEW = 20
"""The part of all rows that is so small that a different key for them is a rare thing."""


def by_padding(found: Tally, opened: int, filled: int, case: Case) -> Cause | None:
    """The cause of rows that have nothing but their padding right; None if they open."""
    if found.count < _BY_CHANCE or 2 * (found.count + opened) < filled:
        return found.cause
    if case.fits is None:
        return None
    why = "the padding of these rows is right, as a wrong key finds it once in 256 times"
    return Cause.of(CauseCode.WRONG_PLAINTEXT, Confidence.LIKELY, why, expected=case.expected)


def weighed(cause: Cause, cluster: Cluster, opened: int, filled: int, *, proves: bool) -> Cause:
    """The cause of a cluster, if so many rows open of those that hold something."""
    run, several = cluster.run, cluster.count > 1
    alone = opened + cluster.count == filled
    parted = run is not None and alone and min(opened, cluster.count) >= PARTED
    if run is not None and parted:
        cause = replace(cause, evidence=(*cause.evidence, since(run)))
    unsure = cause.confidence is Confidence.UNCERTAIN and cause.case in ("", _OR_DAMAGED)
    if cause.code is not CauseCode.KEY_UNKNOWN or not unsure:
        return cause  # or it may not be a ciphertext
    evidence, why = cause.evidence, ""
    if several and not opened and cluster.count == filled:
        why = "it decrypts no row of the column, so they were encrypted with a different key"
    elif several and cluster.shared is not None:
        why = "these rows belong together, and all others can be decrypted"
    elif parted:
        pass  # the evidence is there
    elif opened and proves:
        why = "the key decrypts other rows of the column"
        if cluster.count * _FEW <= filled or not several:
            why += ", so damage is likelier"
        return replace(cause, case=_OR_DAMAGED, evidence=(*evidence, why))
    else:
        return cause
    if why:
        evidence = (*evidence, why)
    return replace(cause, case="", confidence=Confidence.LIKELY, evidence=evidence)
