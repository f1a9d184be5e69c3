"""Opens stored credentials in an application, or raises an error that says why they don't open.

    from assay import credentials

    secret = credentials.open(
        row["consumer_key_enc"],
        spec="specs", environment="production", credential="mpesa", column="consumer_key_enc",
        row=row,
    )

If it can't be decrypted, the error is a `KeyFault`, a `FormatFault`, a `DatabaseFault` or an
`AlgorithmFault`. Its `message` may be shown to anyone, its `remedy` says what to do, and `evidence`
what that rests on; none of them, nor what a traceback shows of it, holds a key or a plaintext.

As long as all is well this costs little more than the cipher: what opens a column is made once.
"""

from __future__ import annotations

from assay.credentials.openers import aopen, open, opener  # noqa: A004 - as in `gzip.open`
from assay.credentials.opening import Opener
from assay.crypto.envelopes.base import Envelope
from assay.crypto.recipes import Recipe
from assay.errors import AlgorithmFault, CredentialError, DatabaseFault, FormatFault, KeyFault
from assay.facts import Secret

__all__ = [
    "AlgorithmFault",
    "CredentialError",
    "DatabaseFault",
    "Envelope",
    "FormatFault",
    "KeyFault",
    "Opener",
    "Recipe",
    "Secret",
    "aopen",
    "open",
    "opener",
]
