"""What can have happened to the bytes of a ciphertext."""

from __future__ import annotations

from assay.model import Category, Rule

_AGAIN = "Restore these rows from a backup, or enter the credential again"

TAG_DAMAGED = Rule(
    code="credential-tag-damaged",
    category=Category.FORMAT,
    message="{column}, {rows}: tag damaged{or}; the text is intact{key_right}",
    remedy=f"{_AGAIN}. Leave the key as it is.",
    why="The tag is a checksum under the key. Without it the cipher refuses the text, though not "
    "a bit of that is wrong.",
    bad="a tag of which the application stored 12 bytes and reads 16",
    good="iv:tag:ciphertext, all of it",
)
BYTES_CHANGED = Rule(
    code="credential-bytes-changed",
    category=Category.FORMAT,
    message="{column}, {rows}: bytes were changed{where}{key_right}",
    remedy=f"{_AGAIN}. Leave the key as it is.",
    why="One changed bit is enough for the cipher to refuse all of it.",
    bad="a ciphertext that was edited, or passed through a conversion of characters",
    good="a ciphertext that nothing but the program touches",
)
BYTES_LOST = Rule(
    code="credential-bytes-lost",
    category=Category.FORMAT,
    message="{column}, {rows}: {amount} lost{where}{key_right}",
    remedy=f"{_AGAIN}. Leave the key as it is.",
    why="Everything behind the gap is read at the wrong place, and the cipher refuses all of it.",
    bad="a driver that drops zero bytes",
    good="a column of bytes, or hex or base64 in a column of text",
)
BYTES_ADDED = Rule(
    code="credential-bytes-added",
    category=Category.FORMAT,
    message="{column}, {rows}: {amount} too many{where}{key_right}",
    remedy="Remove what was added; where that can't be told, restore these rows from a backup. "
    "Leave the key as it is.",
    why="Everything behind it is read at the wrong place, and the cipher refuses all of it.",
    bad="a line end behind the bytes",
    good="the bytes alone",
)
TRUNCATED = Rule(
    code="credential-truncated",
    category=Category.FORMAT,
    message="{column}, {rows}: cut short{where}{key_right}",
    remedy="Enter the credential again, after making {column} long enough (`text` or `bytea`): "
    "what was cut off is not stored anywhere.",
    why="The end is missing, and with it what the cipher needs to accept the rest.",
    bad="varchar(64) for a ciphertext of 120 characters",
    good="text",
)
UTF8_DAMAGED = Rule(
    code="credential-utf8-damaged",
    category=Category.FORMAT,
    message="{column}, {rows}: read as UTF-8 text on the way, which replaced bytes by U+FFFD; "
    "what they were can't be recovered",
    remedy="Enter the credential again: no key opens what is left. Store bytes as `bytea`, or "
    "encode them as hex or base64 before they become a text.",
    why="Bytes that are no UTF-8 are replaced by one and the same character, so they are lost.",
    bad="cipher.final().toString()",
    good="cipher.final().toString('base64')",
)
MALFORMED = Rule(
    code="credential-malformed",
    category=Category.FORMAT,
    message="{column}, {rows}: not {declared}: it {reason}",
    remedy="Look at how these values were written: correct the `envelope` of {column} in the "
    "spec, or enter the credential again.",
    why="What does not have the form of the envelope can't be opened by any key.",
)
UNEXPLAINED = Rule(
    code="credential-unexplained",
    category=Category.FORMAT,
    message="{column}, {rows}: they don't open, and nothing that is known to go wrong explains it",
    remedy="See with `assay credentials explain -` what is known of one of them; look whether the "
    "`envelope` of {column} in the spec is right.",
    why="Key, form and bytes may each be wrong, and nothing told them apart.",
)

RULES = (
    TAG_DAMAGED,
    BYTES_CHANGED,
    BYTES_LOST,
    BYTES_ADDED,
    TRUNCATED,
    UTF8_DAMAGED,
    MALFORMED,
    UNEXPLAINED,
)
