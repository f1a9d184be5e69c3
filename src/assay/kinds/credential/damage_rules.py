"""What can have happened to the bytes of a ciphertext."""

from __future__ import annotations

from assay.model import Category, Rule

_AGAIN = "Restore these rows from a backup, or enter the credential again. Leave the key as it is."


TAG_DAMAGED = Rule(
    code="credential-tag-damaged",
    category=Category.FORMAT,
    message="{column}, {rows}: the authentication tag is damaged; the encrypted text is intact",
    messages={
        "or-aad": "{column}, {rows}: the authentication tag is damaged, or different additional "
        "data was used; the encrypted text is intact",
        "or-truncated-or-aad": "{column}, {rows}: the authentication tag is damaged, the end is "
        "missing, or different additional data was used",
    },
    remedy=_AGAIN,
    why="The tag is a checksum under the key. Without it the cipher refuses the text, even if not "
    "a bit of that is wrong.",
    bad="a tag of which the application stored 12 bytes and reads 16",
    good="iv:tag:ciphertext, all of it",
)
BYTES_CHANGED = Rule(
    code="credential-bytes-changed",
    category=Category.FORMAT,
    message="{column}, {rows}: bytes were changed",
    messages={
        "placed": "{column}, {rows}: bytes were changed {place}",
        "or-lost-or-added": "{column}, {rows}: bytes were changed, lost or added",
        "or-lost-or-added-placed": "{column}, {rows}: bytes were changed, lost or added {place}",
    },
    remedy=_AGAIN,
    why="One changed bit is enough for the cipher to refuse the whole text.",
    bad="a ciphertext that was edited, or passed through a character set conversion",
    good="a ciphertext that only the program touches",
)
BYTES_LOST = Rule(
    code="credential-bytes-lost",
    category=Category.FORMAT,
    message="{column}, {rows}: bytes are missing",
    messages={
        "placed": "{column}, {rows}: bytes are missing {place}",
        "counted": "{column}, {rows}: {amount} missing",
        "counted-placed": "{column}, {rows}: {amount} missing {place}",
    },
    remedy=_AGAIN,
    why="Everything after the gap is read at the wrong position, and the cipher refuses all of it.",
    bad="a driver that drops zero bytes",
    good="a column of bytes, or hex or base64 in a column of text",
)
BYTES_ADDED = Rule(
    code="credential-bytes-added",
    category=Category.FORMAT,
    message="{column}, {rows}: bytes were added",
    messages={
        "placed": "{column}, {rows}: bytes were added {place}",
        "counted": "{column}, {rows}: {amount} too many",
        "counted-placed": "{column}, {rows}: {amount} too many {place}",
    },
    remedy="Remove what was added. If you can't tell what that is, restore these rows from a "
    "backup. Leave the key as it is.",
    why="Everything after it is read at the wrong position, and the cipher refuses all of it.",
    bad="a newline after the bytes",
    good="the bytes alone",
)
TRUNCATED = Rule(
    code="credential-truncated",
    category=Category.FORMAT,
    message="{column}, {rows}: cut short",
    messages={"placed": "{column}, {rows}: cut short {place}"},
    remedy="Make {column} long enough (`text` or `bytea`), then enter the credential again: what "
    "was cut off is not stored anywhere.",
    why="The end is missing, and with it what the cipher needs to accept the rest.",
    bad="varchar(64) for a ciphertext of 120 characters",
    good="text",
)
UTF8_DAMAGED = Rule(
    code="credential-utf8-damaged",
    category=Category.FORMAT,
    message="{column}, {rows}: decoded as UTF-8 at some point, which replaced bytes with U+FFFD; "
    "they can't be recovered",
    remedy="Enter the credential again: no key can decrypt what is left. Store bytes as `bytea`, "
    "or encode them as hex or base64 before they become a text.",
    why="Bytes that aren't valid UTF-8 are all replaced with the same character, so they are lost.",
    bad="cipher.final().toString()",
    good="cipher.final().toString('base64')",
)
MALFORMED = Rule(
    code="credential-malformed",
    category=Category.FORMAT,
    message="{column}, {rows}: not {declared}: it {reason}",
    remedy="Find out how these values were written, then correct the `envelope` of {column} in the "
    "spec or enter the credential again.",
    why="No key can decrypt a text that doesn't have the form of its envelope.",
)
UNEXPLAINED = Rule(
    code="credential-unexplained",
    category=Category.FORMAT,
    message="{column}, {rows}: can't be decrypted, and no known fault explains it",
    remedy="Run `assay credentials explain -` on one of them to see what is known of it, and check "
    "whether the `envelope` of {column} in the spec is right.",
    why="Key, format and bytes may each be wrong, and nothing told them apart.",
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
