"""The autopsy of ciphertexts that can't be decrypted: causes with evidence. Pure, no input.

- `Case(envelope=..., recipe=..., variable=..., text=...)`: what is declared, and every key at hand.
- `autopsy(case, data, aad=b"", identity=()) -> tuple[Cause, ...]`: why one ciphertext can't be
  decrypted: every cause that holds, what matters most first; none if it can.
- `Examiner(case, column)`: `add(cells, identities, aads)` page by page, then `census()`: how many
  rows can be decrypted, and the others by cause.
- `rows_in_words(cluster, total, columns)`: which rows a cluster is, for messages.

Nothing here reads anything, or raises for what a text holds. What is returned holds no key, no
plaintext and no ciphertext.
"""

from assay.crypto.autopsy.causes import Case, Cause, CauseCode, Cluster, Confidence
from assay.crypto.autopsy.diagnosing import autopsy
from assay.crypto.autopsy.examiner import Examiner
from assay.crypto.autopsy.population import rows_in_words

__all__ = [
    "Case",
    "Cause",
    "CauseCode",
    "Cluster",
    "Confidence",
    "Examiner",
    "autopsy",
    "rows_in_words",
]
