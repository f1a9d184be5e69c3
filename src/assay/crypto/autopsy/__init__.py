"""The autopsy of ciphertexts that do not open: explanations with evidence. Pure, no input.

- `Case(envelope=..., recipe=..., variable=..., text=...)`: what is declared, and every key at hand.
- `autopsy(case, data, aad=b"", identity=()) -> tuple[Explanation, ...]`: why one ciphertext does
  not open: all that holds, what matters most first; nothing where it opens.
- `Examiner(case, column)`: `add(cells, identities, aads)` page by page, then `census()`: how many
  rows open, and the others by cause.
- `rows_in_words(cluster, total, columns)`: which rows a cluster is, for messages.

Nothing here reads anything, or raises for what a text holds. What is returned holds no key, no
plaintext and no ciphertext.
"""

from assay.crypto.autopsy.case import Case
from assay.crypto.autopsy.diagnosing import autopsy
from assay.crypto.autopsy.examiner import Examiner
from assay.crypto.autopsy.explanations import Cluster, Confidence, Explanation
from assay.crypto.autopsy.rules import RULES
from assay.crypto.autopsy.wording import rows_in_words

__all__ = [
    "RULES",
    "Case",
    "Cluster",
    "Confidence",
    "Examiner",
    "Explanation",
    "autopsy",
    "rows_in_words",
]
