"""The autopsy of ciphertexts that do not open: explanations with evidence. Pure, no input."""

from assay.crypto.autopsy.explanations import Cluster, Confidence, Explanation

__all__ = ["Cluster", "Confidence", "Explanation"]
