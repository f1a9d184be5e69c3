"""What a change of key or spec would do to other rows, so that no remedy harms them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy import CauseCode
from assay.kinds.credential.spec import Credential
from assay.kinds.key.spec import Key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.crypto.autopsy import Cause, Cluster
    from assay.crypto.examination import Census, ColumnCensus, Examination
    from assay.spec.document import Spec

ALL, SOME = "all", "some"
"""Nothing can be decrypted today, and all rows have one cause; or other rows can be."""
_OF_KEY = frozenset(
    (
        CauseCode.KEY_MISREAD,
        CauseCode.KEY_UNKNOWN,
        CauseCode.UNEXPLAINED,
        CauseCode.WRONG_CIPHER,
        CauseCode.WRONG_KEY,
    )
)
"""Causes whose remedy may change what all columns with the key are decrypted with."""
_INDIFFERENT = frozenset(
    (
        CauseCode.EMPTY,
        CauseCode.MISSING,
        CauseCode.NOT_ENCRYPTED,
        CauseCode.PLACEHOLDER,
        CauseCode.TOO_LARGE,
        CauseCode.UTF8_DAMAGED,
    )
)
"""Causes of rows that no key decrypts, so that none of them is lost with one."""

_OF_OTHER_KEYS = frozenset((CauseCode.PREVIOUS_KEY, CauseCode.UNSET_KEY, CauseCode.WRONG_KEY))
"""Causes of rows that don't depend on the value of the key's variable."""


def standing(
    columns: Sequence[str], cluster: Cluster, census: Census, asked: Examination, spec: Spec
) -> tuple[str, str]:
    """`ALL`, `SOME`, or nothing if that is unknown; and how many rows can be decrypted, in words.

    The key is that of all columns of the credential, and maybe of others in the spec.
    """
    of_key = cluster.cause.code in _OF_KEY
    sealed = {column.name for column in asked.columns}  # beside them the census has metadata
    own = sealed if of_key else sealed & set(columns)
    counted = [one for name, one in census.columns.items() if name in own]
    healthy = max((one.opened for one in counted), default=0)
    if healthy:
        return SOME, f"{healthy:,} {'row' if healthy == 1 else 'rows'}"
    known = not census.partial and asked.where is None and not (of_key and _shared(asked, spec))
    if known and counted and all(_only(one, cluster.cause) for one in counted):
        return ALL, ""
    return "", ""


def _only(counted: ColumnCensus, cause: Cause) -> bool:
    """Whether no row of a column needs anything else than what a cause needs."""
    rows = counted.opened + counted.failed
    idle = _INDIFFERENT | (_OF_OTHER_KEYS if cause.case == "altered" else frozenset())
    for cluster in counted.clusters:
        one = cluster.cause
        same = (one.code, one.case, one.values) == (cause.code, cause.case, cause.values)
        if same or one.code in idle:
            rows -= cluster.count
    return rows <= 0


def _shared(asked: Examination, spec: Spec) -> bool:
    """Whether the key's variable decrypts other credentials too, or may: those left out count."""
    keys, known = spec.entries(Key), spec.entries(Credential)
    every = {path[1] for path in spec.places if path[:1] == (Credential.section,) and path[1:]}
    return bool(every - known.keys()) or any(
        name != asked.name and keys[entry.declared.key].declared.variable == asked.variable
        for name, entry in known.items()
    )
