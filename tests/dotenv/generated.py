"""Random .env texts made of the pieces on which loaders disagree."""

from __future__ import annotations

import random

KEYS = ("A", "B", "A_B", "A.B", "A-B", "1A", "a", "_A", "A1")
PIECES = (
    "b", "b c", "0", "null", "${B}", "${NOPE-d}", "${NOPE:-d}", "${B:+alt}", "$a", "$B",
    "$2a$10$abc", '"', "'", '\\"', "\\'", "\\n", "\\t", "\\\\", "\\$", "#", " #", " # c", "\t",
    "é", "-----BEGIN X-----", '{"k":"v"}', "a=b", "=", ":", "C:\\dir", "*", "!", " ",
)  # fmt: skip
ODD = (
    "`", "$$", "${", "}", "${B", "${A:-${B}}", "${:-x}", "${B:x}", "$(", "${B:?}", "{", "\\",
    "\r", "\n", "\\r", "\\0101", "\\$B", "$", "~", "\u2028", "\xa0", "\u017f", "\x0b", "$&",
)  # fmt: skip
SEPARATORS = ("=",) * 10 + (" =", " = ", "= ", "=  ", "=\t", ":", ": ", "=   ", ":  ")
OTHER_LINES = (" # c", "  ", "", "garbage line here", "export", "export A", "A")


def value(rng: random.Random, pieces: tuple[str, ...]) -> str:
    body = "".join(rng.choice(pieces) for _ in range(rng.randrange(5)))
    if rng.random() < 0.6:
        mark = rng.choice("\"'`")
        if rng.random() < 0.25:
            body += rng.choice(["\n# c", "\nx", "\nY=2", "\n-----END X-----"])
        body = mark + body + (mark if rng.random() < 0.9 else "")
    return body + rng.choice(["", "", "", "junk", " ", "  ", " # c", "#c"])


def line(rng: random.Random, pieces: tuple[str, ...]) -> str:
    if rng.random() < 0.05:
        return rng.choice(OTHER_LINES)
    lead = rng.choice(["", "", "", "", " ", "\t"]) + rng.choice(["", "", "", "export ", "export  "])
    return lead + rng.choice(KEYS) + rng.choice(SEPARATORS) + value(rng, pieces)


def text(seed: int, *, odd: bool) -> str:
    rng = random.Random(seed)
    pieces = PIECES + ODD if odd else PIECES
    lines = [line(rng, pieces) for _ in range(rng.choice([1, 1, 2, 3, 4]))]
    if rng.random() < 0.4:
        lines.insert(0, "B=1")
    made = "\n".join(lines) + rng.choice(["\n", "\n", ""])
    if rng.random() < 0.1:
        made = made.replace("\n", "\r\n")
    return "\ufeff" + made if rng.random() < 0.05 else made


REFERENCES = (
    "b", "0", "é", "${B}", "${C}", "$A", "$B", "${NOPE}", "${A:-x}", "${B-y}", "${C:+z}", "${B+q}",
    "${null}", "\\$B", "\\${B}", "$$", "$&", "$'", "$`", "${B:-${C}}", "\\n", "\\\\", "=", ":", "$",
    "${", "}", "${B", "-", "#",
)  # fmt: skip


def references(seed: int) -> str:
    """A text of lines that refer to each other."""
    rng = random.Random(seed)
    lines = []
    for _ in range(rng.choice([1, 2, 3, 4])):
        body = "".join(rng.choice(REFERENCES) for _ in range(rng.randrange(5)))
        mark = rng.choice(["", "", '"', '"', "'"])
        after = rng.choice(["", " ", "#c", " # c"])
        lines.append(f"{rng.choice(['A', 'B', 'C', 'D'])}={mark}{body}{mark}{after}")
    return "\n".join(lines) + "\n"


def files(seed: int) -> list[str]:
    """The texts of several files, whose lines refer to each other across them."""
    rng = random.Random(seed)
    seeds = [rng.randrange(10**6) for _ in range(rng.choice([2, 2, 3, 4]))]
    return [
        references(one) if rng.random() < 0.7 else text(one, odd=rng.random() < 0.5)
        for one in seeds
    ]
