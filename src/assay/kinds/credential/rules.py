"""What can be wrong with stored credentials: a rule for each cause that the autopsy knows.

Templates take `column`, `rows` (`rows 17 and 90`), `key` (its name in the spec), `variable` and
`environment` from whoever knows the rows, and the rest from the cause.

A remedy must not make a row unreadable that can be decrypted now. So one that changes a key or the
spec comes in three: for when nothing is known of other rows, for when nothing can be decrypted
today (`all`), and for when something can (`some`, which takes `healthy`: `2,714 rows`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy import CauseCode
from assay.kinds.credential.form_rules import of_cipher  # made after those of keys, before these
from assay.kinds.credential.key_rules import rule
from assay.model import Category, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

_AAD_FIRST = (
    "Find out which additional data these rows were encrypted with: with that they can be "
    "decrypted. If it is what the spec says, restore them from a backup, or enter the credential "
    "again. Leave the key and `aad` as they are if other rows can be decrypted."
)
_AGAIN = "Restore these rows from a backup, or enter the credential again. Leave the key as it is."

EMPTY = rule(
    "credential-empty",
    "{column}, {rows}: empty",
    "Enter the credential again, or store NULL if there is none.",
    "An empty text isn't a ciphertext: the program was given nothing, or failed before it "
    "encrypted.",
)
PLACEHOLDER = rule(
    "credential-placeholder",
    "{column}, {rows}: {literal} is stored instead of a ciphertext",
    "Enter the credential again. Make the code that writes stop if there is nothing to store.",
    "A program wrote something unset or unprintable as text, and never stored the credential "
    "itself.",
    formerly=("credential-stand-in",),
    bad="String({}) in a column",
    good="NULL, or a ciphertext",
)
TOO_LARGE = rule(
    "credential-too-large",
    "{column}, {rows}: too large to be a credential, so not read",
    "Find out what wrote these values to {column}: a credential has a few hundred bytes.",
    "Something else was stored there, or one value was encoded again and again.",
)
EXPIRED = rule(
    "credential-expired",
    "{column}, {rows}: the ciphertext {reason}",
    "Decrypt it without regard to the time limit, or enter the credential again, and encrypt it "
    "without such a limit: what is stored must not expire by itself.",
    "The envelope contains the time until which it may be decrypted, and programs refuse it "
    "after that.",
)
REMOTE = of_cipher(
    "credential-remote",
    "{column}, {rows}: written as {found}, which can't be decrypted here: it needs {needs}",
    "If all rows are like these, set the `envelope` of {column} in the spec to what they are, and "
    "decrypt them with {needs}. Otherwise leave it, decrypt these rows with {needs}, and encrypt "
    "them with {variable}.",
    "The key never leaves a service, so it is unknown whether the ciphertext is intact.",
    remedies={
        "all": "Set the `envelope` of {column} in the spec to what they are, and decrypt them with "
        "{needs}.",
        "some": "Leave the `envelope` of {column} as it is, because {healthy} can be decrypted "
        "with it today. Back these rows up, decrypt them with {needs}, and encrypt them with "
        "{variable}.",
    },
    severity=Severity.WARNING,
)
LIBRARY_MISSING = of_cipher(
    "credential-library-missing",
    "{column}, {rows}: it {reason}",
    "Run `{command}`, then check again.",
    "Decrypting the envelope needs an optional library.",
)
WRONG_PLAINTEXT = rule(
    "credential-wrong-plaintext",
    "{column}, {rows}: decrypted, but the plaintext is not {expected}",
    "Decrypt one of them and look. If the value is right, correct the type of {column} in the "
    "spec; if it belongs in another column, swap the two; if it is wrong, enter the right "
    "credential.",
    "The key is right; the value was already wrong when it was encrypted.",
    formerly=("credential-wrong-shape",),
    bad="the consumer key in the column of the passkey",
    good="the passkey",
)
MISSING = rule(
    "credential-missing",
    "{column}, {rows}: NULL, but the spec requires a value",
    "Fill in {column} in these rows, or no longer call it `required` in the spec.",
    "The application finds no credential when it needs one.",
    category=Category.MISSING,
    bad="INSERT INTO mpesa_credentials (tenant_id) VALUES (9)",
    good="each row with everything that a payment needs",
)
WRONG_METADATA = rule(
    "credential-wrong-metadata",
    "{column}, {rows}: not {expected}",
    "Correct {column} in these rows, or its type under `metadata` in the spec.",
    "The columns beside a ciphertext say how to decrypt it, such as with which key.",
    bad="key_version: 'two'",
    good="key_version: 2",
)
TAG_DAMAGED = rule(
    "credential-tag-damaged",
    "{column}, {rows}: the authentication tag is damaged; the encrypted text is intact",
    _AGAIN,
    "The tag is a checksum under the key. Without it the cipher refuses the text, even if not "
    "a bit of that is wrong.",
    messages={
        "or-aad": "{column}, {rows}: the authentication tag is damaged, or different additional "
        "data was used; the encrypted text is intact",
        "or-truncated-or-aad": "{column}, {rows}: the authentication tag is damaged, the end is "
        "missing, or different additional data was used",
    },
    remedies={
        "or-aad": _AAD_FIRST,
        "or-truncated-or-aad": _AAD_FIRST,
    },
    bad="a tag of which the application stored 12 bytes and reads 16",
    good="iv:tag:ciphertext, all of it",
)
BYTES_CHANGED = rule(
    "credential-bytes-changed",
    "{column}, {rows}: bytes were changed",
    _AGAIN,
    "One changed bit is enough for the cipher to refuse the whole text.",
    messages={
        "placed": "{column}, {rows}: bytes were changed {place}",
        "or-lost-or-added": "{column}, {rows}: bytes were changed, lost or added",
        "or-lost-or-added-placed": "{column}, {rows}: bytes were changed, lost or added {place}",
    },
    bad="a ciphertext that was edited, or passed through a character set conversion",
    good="a ciphertext that only the program touches",
)
BYTES_LOST = rule(
    "credential-bytes-lost",
    "{column}, {rows}: bytes are missing",
    _AGAIN,
    "Everything after the gap is read at the wrong position, and the cipher refuses all of it.",
    messages={
        "placed": "{column}, {rows}: bytes are missing {place}",
        "counted": "{column}, {rows}: {amount} missing",
        "counted-placed": "{column}, {rows}: {amount} missing {place}",
    },
    bad="a driver that drops zero bytes",
    good="a column of bytes, or hex or base64 in a column of text",
)
BYTES_ADDED = rule(
    "credential-bytes-added",
    "{column}, {rows}: bytes were added",
    "Remove what was added. If you can't tell what that is, restore these rows from a "
    "backup. Leave the key as it is.",
    "Everything after it is read at the wrong position, and the cipher refuses all of it.",
    messages={
        "placed": "{column}, {rows}: bytes were added {place}",
        "counted": "{column}, {rows}: {amount} too many",
        "counted-placed": "{column}, {rows}: {amount} too many {place}",
    },
    bad="a newline after the bytes",
    good="the bytes alone",
)
TRUNCATED = rule(
    "credential-truncated",
    "{column}, {rows}: cut short",
    "Make {column} long enough (`text` or `bytea`), then enter the credential again: what "
    "was cut off is not stored anywhere.",
    "The end is missing, and with it what the cipher needs to accept the rest.",
    messages={
        "placed": "{column}, {rows}: cut short {place}",
        "or-lost": "{column}, {rows}: cut short, or bytes within it are missing",
        "column": "{column}, {rows}: cut short at {width}, the length of a column",
    },
    remedies={
        "or-lost": "Restore these rows from a backup, or enter the credential again. If {column} "
        "is too narrow for it, widen it first.",
        "column": "Widen {column} first (`text` and `bytea` take any length), then restore these "
        "rows from a copy that is complete, or enter the credentials again: what was cut off is "
        "not stored anywhere.",
    },
    bad="varchar(64) for a ciphertext of 120 characters",
    good="text",
)
UTF8_DAMAGED = rule(
    "credential-utf8-damaged",
    "{column}, {rows}: decoded as UTF-8 at some point, which replaced bytes with U+FFFD; "
    "they can't be recovered",
    "Enter the credential again: no key can decrypt what is left. Store bytes as `bytea`, "
    "or encode them as hex or base64 before they become a text.",
    "Bytes that aren't valid UTF-8 are all replaced with the same character, so they are lost.",
    bad="cipher.final().toString()",
    good="cipher.final().toString('base64')",
)
MALFORMED = rule(
    "credential-malformed",
    "{column}, {rows}: not {declared}: it {reason}",
    "Find out how these values were written. If no other row can be decrypted today, correct the "
    "`envelope` of {column} in the spec; otherwise leave it, and restore these rows from a backup "
    "or enter the credential again.",
    "No key can decrypt a text that doesn't have the form of its envelope.",
    remedies={
        "all": "Find out how these values were written, then correct the `envelope` of {column} in "
        "the spec or enter the credential again.",
        "some": "Leave the `envelope` of {column} as it is, because {healthy} can be decrypted "
        "with it today. Find out how these values were written, then restore them from a backup "
        "or enter the credential again.",
    },
)
UNEXPLAINED = rule(
    "credential-unexplained",
    "{column}, {rows}: can't be decrypted, and no known fault explains it",
    "Run `assay credentials explain -` on one of them to see what is known of it, and check "
    "whether the `envelope` of {column} in the spec is right.",
    "Key, format and bytes may each be wrong, and nothing told them apart.",
    remedies={
        "some": "Leave the key and the `envelope` of {column} as they are, because {healthy} can "
        "be decrypted with them today. Run `assay credentials explain -` on one of these rows to "
        "see what is known of it.",
    },
)

BY_CAUSE: Mapping[CauseCode, Rule] = {
    CauseCode(made.code.removeprefix("credential-")): made for made in rule.made
}
"""The rule of each cause."""
OF_ALL_ROWS = frozenset((CauseCode.MISSING, CauseCode.WRONG_METADATA))
"""Causes whose rows are counted among all, those with NULL in the column included."""
COLUMN_MISSING = rule(
    "credential-column-missing",
    "{table} has no column {column}",
    "Correct the name of the column in the spec, or run the migration that adds it.",
    "No row can be read at all, neither here nor by the application.",
    category=Category.MISSING,
    messages={"similar": "{table} has no column {column}: did you mean {similar}?"},
    bad="where: revoked == null",
    good="where: revoked_at == null",
)
NO_ROWS = rule(
    "credential-no-rows",
    "no row of {table} matches `where` of {name}, so nothing was decrypted",
    "Compare `{condition}` with the rows of {table} and correct it in the spec; or declare "
    "`allow-empty: true` for {name} if the table has no such rows yet.",
    "A check of no rows proves nothing about the key or the rows that the application reads.",
    category=Category.MISSING,
    bad="where: environment == 'prod'",
    good="where: environment == 'production'",
)

MADE = rule.made
"""All of them, those of keys first."""
