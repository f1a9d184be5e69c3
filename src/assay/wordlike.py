"""Whether a person made up a text, by the shape of its words.

The likelihood of each pair of neighbouring letters in words is compared with that in random texts.
By Markov's inequality at most one random text in 2^BITS gains BITS bits in such a comparison.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import log2

BITS = 11
"""Bits of evidence from which on a text counts as words."""
_FOLLOWERS = {
    "a": "ntlrscdimbygpuv",
    "b": "eloaruiysb",
    "c": "oehatkrliuc",
    "d": "eioasryud",
    "e": "rsndaltcmxevyp",
    "f": "oirefaltu",
    "g": "ehraoisnlu",
    "h": "eaiotruy",
    "i": "ntsocelmdvgar",
    "j": "oauei",
    "k": "eisnyaol",
    "l": "eilaoyduts",
    "m": "eaiopbusmy",
    "n": "gtdeisacoknuy",
    "o": "nrumftwslopdvck",
    "p": "eraoliphtusy",
    "q": "u",
    "r": "eiaostydnumclk",
    "s": "tehsiaocupwkmy",
    "t": "hioeartsuyw",
    "u": "rstnlpecgmdbi",
    "v": "eiaoy",
    "w": "aoiehnr",
    "x": "ptaicey",
    "y": "osetmipac",
    "z": "eaoyzi",
}
"""The letters that mostly follow each letter in English words and in names."""
_LISTED = 0.92
"""How much of all that follows a letter is listed."""
_CASES = {(False, False): 1.9, (False, True): 0.1, (True, True): 0.8, (True, False): 1.2}
"""How much likelier one case follows another in words than by chance; True is a capital."""
_LEET = str.maketrans("013457@$", "oieastas")
_USUAL = re.compile(
    "admin|bytes?|change|charact|company|crypt|default|develop|example|local|master|passw|please|"
    "produc|secret|secure|server|sixteen|thirty|token"
)
"""What people put into keys that they make up."""
_BLANK, _NUMBER, _SUBSTITUTE, _WORD = 4.0, 4.0, -2.0, 5.0
_PART = re.compile(r"[A-Za-z](?:[A-Za-z]|[013457@$](?=[A-Za-z]))*")
_NUMBERS = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|123(?:4(?:5(?:6(?:78?9?)?)?)?)?)(?!\d)")
_RUN = re.compile(r"([^A-Za-z0-9])\1{2,}|(\d)\2{3,}")


def worded(text: str, bits: float = BITS) -> bool:
    """Whether words, names and years make up the text, so far as their shape shows."""
    return evidence(text) >= bits


def evidence(text: str) -> float:
    """How many bits likelier the text is as words than as random characters."""
    cased = text != text.lower() and text != text.upper()
    gain = _BLANK * len(re.findall(r"\S\s+(?=\S)", text))
    gain += _NUMBER * (len(_NUMBERS.findall(text)) + len(_RUN.findall(text)))
    return gain + sum(_of_part(part, cased=cased) for part in _PART.findall(text))


def _of_part(part: str, *, cased: bool) -> float:
    gain = _SUBSTITUTE * sum(not char.isalpha() for char in part)
    plain = part.translate(_LEET).lower()
    gain += _WORD * len(_USUAL.findall(plain))
    for one, other in pairwise(plain):
        listed = _FOLLOWERS[one]
        share = _LISTED / len(listed) if other in listed else (1 - _LISTED) / (26 - len(listed))
        gain += log2(26 * share)
    if cased:
        letters = (char for char in part if char.isalpha())
        gain += sum(log2(_CASES[a.isupper(), b.isupper()]) for a, b in pairwise(letters))
    return gain
