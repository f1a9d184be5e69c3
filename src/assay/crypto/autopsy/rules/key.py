"""What can be wrong with the key of a stored ciphertext, told by which key opens it."""

from __future__ import annotations

from assay.model import Category, Rule

SEALED_OTHERWISE = Rule(
    code="credential-sealed-otherwise",
    category=Category.KEY,
    message="{column}, {rows}: {variable} is {declared}, but they were sealed with {found}",
    remedy="{step}",
    why="One text makes many keys: read as hex, as base64, as text, or hashed, it is another key "
    "each time, and a cipher accepts only the one that sealed.",
    bad="Buffer.from(process.env.KEY, 'hex') where the rows were sealed with Buffer.from(KEY)",
    good="the reading that sealed the rows, in the application and in the spec",
)
SEALED_WITH_PREVIOUS = Rule(
    code="credential-sealed-with-previous",
    category=Category.KEY,
    message="{column}, {rows}: sealed with {other}, an earlier key{how}",
    remedy="Keep {other} until every row is moved: open these rows with {other}, seal them with "
    "{variable}, and only then remove it. Nothing is lost.",
    why="After a rotation the application knows only the new key, and rows that were left behind "
    "don't open.",
    bad="KEY replaced while rows sealed with KEY_OLD remain",
    good="each row opened with KEY_OLD and sealed with KEY, then KEY_OLD removed",
)
SEALED_WITH_OTHER = Rule(
    code="credential-sealed-with-other",
    category=Category.KEY,
    message="{column}, {rows}: sealed with the key in {other}{how}, not with that in {variable}",
    remedy="Where {environment} holds the wrong key, set {variable} to what {other} holds; don't "
    "re-encrypt the rows. Where rows were written with {other} by mistake, open them with it and "
    "seal them with {variable}.",
    why="The key in place is a good key, but not the one that these rows need.",
    bad="the key of staging in production",
    good="the key that the rows were sealed with",
)
SEALED_WITH_LITERAL = Rule(
    code="credential-sealed-with-literal",
    category=Category.KEY,
    message="{column}, {rows}: sealed with {found} in place of a key",
    remedy="Open these rows with {found} once more and seal them with a real key; then replace "
    "what they hold, for whoever reads the table can open them.",
    why="A variable that was not set became a text, and the text became the key. It is the same "
    "text everywhere, so the rows are as good as not encrypted.",
    bad="createHash('sha256').update(`${process.env.KEY}`) while KEY is not set",
    good="a program that stops when KEY is not set",
)
KEY_UNKNOWN = Rule(
    code="credential-key-unknown",
    category=Category.KEY,
    message="{column}, {rows}: {variable} does not open them in {environment}, nor does any "
    "other key or reading at hand",
    remedy="Find the key that {variable} held when these rows were written: in earlier "
    "deployments, backups, or another environment. Restore it, or declare its variable as "
    "`previous`; don't re-encrypt and don't delete, for with that key the rows can be opened.",
    why="The rows are of the right form. Only the key that sealed them can open them.",
    bad="a freshly generated KEY beside rows of last year",
    good="the KEY of last year",
)
KEY_UNUSABLE = Rule(
    code="credential-key-unusable",
    category=Category.KEY,
    message="{column}, {rows}: can't be opened, for {variable} makes no key: it {reason}",
    remedy="Copy {variable} again, whole, from where the key is kept; leave the rows as they are.",
    why="A text that makes no key of the right length opens nothing.",
    bad="KEY=(63 hex digits)",
    good="KEY=(64 hex digits)",
)

RULES = (
    SEALED_OTHERWISE,
    SEALED_WITH_PREVIOUS,
    SEALED_WITH_OTHER,
    SEALED_WITH_LITERAL,
    KEY_UNKNOWN,
    KEY_UNUSABLE,
)
