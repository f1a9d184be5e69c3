"""What can be wrong with stored credentials: a rule for each cause that the autopsy knows.

Templates take `column`, `rows` (`rows 17 and 90`), `key` (its name in the spec), `variable` and
`environment` from whoever knows the rows, and the rest from the cause.

A remedy must not make a row unreadable that can be decrypted now. So one that changes a key or the
spec comes in three: for when nothing is known of other rows, for when nothing can be decrypted
today (`all`), and for when something can (`some`, which takes `healthy`: `2,714 rows`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assay.crypto.autopsy import CauseCode
from assay.kinds.credential.key_rules import rule
from assay.model import Category, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

_of_cipher = partial(rule, category=Category.ALGORITHM)
_AAD_FIRST = (
    "Find out which additional data these rows were encrypted with: with that they can be "
    "decrypted. If it is what the spec says, restore them from a backup, or enter the credential "
    "again. Leave the key and `aad` as they are if other rows can be decrypted."
)
_AGAIN = "Restore these rows from a backup, or enter the credential again. Leave the key as it is."

JSON_BUFFER = rule(
    "credential-json-buffer",
    "{column}, {rows}: stored as {form}; the ciphertext is intact",
    "Decode what these rows hold ({undo}) and store the result; that needs no key. Then make the "
    "application pass hex or base64 to its client instead of a Buffer, and leave the other rows "
    "as they are.",
    "A client that sends JSON turns a Node Buffer into a JSON object. The column keeps that "
    "text, which no key can decrypt.",
    messages={"unopened": "{column}, {rows}: stored as {form}"},
    bad='supabase.from("t").insert({ secret: buffer })',
    good='supabase.from("t").insert({ secret: "\\\\x" + buffer.toString("hex") })',
)
WRAPPED = rule(
    "credential-wrapped",
    "{column}, {rows}: stored as {form}; the ciphertext is intact",
    "Unless the application decodes it when reading, decode what these rows hold ({undo}) and "
    "store the result. Leave the other rows as they are; nothing has to be re-encrypted.",
    "The text was encoded once more on its way into the column, and nothing decodes it on its "
    "way out.",
    bad="hex of a text that is base64 already",
    good="the text as the application made it",
)
WRONG_LAYOUT = rule(
    "credential-wrong-layout",
    "{column}, {rows}: written as {found}, not as {declared}; the ciphertext is intact",
    "If no other row can be decrypted today, set the `envelope` of {column} in the spec to "
    "`{spec}`, and make the program that reads the rows split them the same way. Otherwise leave "
    "it: back these rows up, decrypt them as `{spec}`, and encrypt them as the spec says.",
    "Nonce, tag and ciphertext are told apart only by their position: read in a different "
    "order they are noise.",
    formerly=("credential-other-layout",),
    remedies={
        "all": "Set the `envelope` of {column} in the spec to `{spec}`, and make the program that "
        "reads the rows split them the same way. Nothing has to be re-encrypted.",
        "some": "Leave the `envelope` of {column} as it is, because {healthy} can be decrypted "
        "with it today. Back these rows up, decrypt them as `{spec}`, and encrypt them as the "
        "spec says.",
    },
    bad="iv + ciphertext + tag, read as iv + tag + ciphertext",
    good="one order, in the code that writes and in the code that reads",
)
WRONG_ENVELOPE = rule(
    "credential-wrong-envelope",
    "{column}, {rows}: written as {found}, not as {declared}; the ciphertext is intact",
    "If no other row can be decrypted today, set the `envelope` of {column} in the spec to "
    "`{name}`, and make the program that reads the rows use it too. Otherwise leave it: back "
    "these rows up, decrypt them as `{name}`, and encrypt them as the spec says.",
    "Each library writes its own format, and no other library reads it.",
    formerly=("credential-other-envelope",),
    messages={
        "unopened": "{column}, {rows}: written as {found}, not as {declared}; no available key "
        "decrypts it in either form",
    },
    remedies={
        "all": "Set the `envelope` of {column} in the spec to `{name}`, and make the program that "
        "reads the rows use it too.",
        "some": "Leave the `envelope` of {column} as it is, because {healthy} can be decrypted "
        "with it today. Back these rows up, decrypt them as `{name}`, and encrypt them as the "
        "spec says.",
        "unopened": "Find out which program wrote these rows as `{name}`, and with which key. Set "
        "the `envelope` of {column} in the spec to `{name}` only if no other row can be decrypted "
        "as it is.",
        "unopened-some": "Leave the `envelope` of {column} as it is, because {healthy} can be "
        "decrypted with it today. Find out which program wrote these rows as `{name}`, and with "
        "which key, before you change them.",
    },
    bad="envelope: node-gcm-hex for rows that Fernet wrote",
    good="envelope: fernet",
)
WRONG_CIPHER = _of_cipher(
    "credential-wrong-cipher",
    "{column}, {rows}: encrypted with {found}, but the spec says {declared}",
    "If no other row can be decrypted today, set the cipher of {key} in the spec to `{found}`, and "
    "make the program that reads the rows use it too. Otherwise leave it: back these rows up, "
    "decrypt them with `{found}`, and encrypt them as the spec says.",
    "Several ciphers take keys of the same size, but each decrypts only what it encrypted itself.",
    formerly=("credential-other-cipher",),
    remedies={
        "all": "Set the cipher of {key} in the spec to `{found}`, and make the program that reads "
        "the rows use it too. Nothing has to be re-encrypted.",
        "some": "Leave the cipher of {key} as it is, because {healthy} can be decrypted with it "
        "today. Back these rows up, decrypt them with `{found}`, and encrypt them as the spec "
        "says.",
        "layout": "If no other row can be decrypted today, set the cipher of {key} in the spec to "
        "`{found}` and the `envelope` of {column} to `{spec}`, and make the program that reads "
        "the rows use them too. Otherwise leave both: back these rows up, decrypt them as "
        "`{spec}`, and encrypt them as the spec says.",
        "layout-all": "Set the cipher of {key} in the spec to `{found}` and the `envelope` of "
        "{column} to `{spec}`, and make the program that reads the rows use them too. Nothing has "
        "to be re-encrypted.",
        "layout-some": "Leave the cipher of {key} and the `envelope` of {column} as they are, "
        "because {healthy} can be decrypted with them today. Back these rows up, decrypt them as "
        "`{spec}`, and encrypt them as the spec says.",
    },
    bad="aes-256-cbc for rows that were encrypted with aes-256-gcm",
    good="the cipher that encrypted the rows",
)
WRONG_AAD = _of_cipher(
    "credential-wrong-aad",
    "{column}, {rows}: encrypted with {found} as additional authenticated data, which is "
    "not what the spec says",
    "If no other row can be decrypted today, set `aad` in the spec, and in the program that reads "
    "the rows, to what they were encrypted with. Otherwise leave it: back these rows up, decrypt "
    "them with what they were encrypted with, and encrypt them as the spec says.",
    "Additional data binds a ciphertext to its place. With different data the cipher refuses "
    "it, even if key and text are right.",
    formerly=("credential-other-context",),
    messages={
        "without": "{column}, {rows}: encrypted without additional authenticated data, but the "
        "spec declares some",
        "undeclared": "{column}, {rows}: encrypted with {found} as additional authenticated data, "
        "but the spec declares none",
        "copied": "{column}, {rows}: encrypted with the additional authenticated data of {found}, "
        "not with that of its own row",
    },
    remedies={
        "all": "Set `aad` in the spec, and in the program that reads the rows, to what they were "
        "encrypted with.",
        "some": "Leave `aad` as it is, because {healthy} can be decrypted with it today. Back "
        "these rows up, decrypt them with what they were encrypted with, and encrypt them as the "
        "spec says.",
        "copied": "The text belongs to {found}: copy it back if that row has lost its own, then "
        "enter the right credential here.",
    },
    bad="encrypted without additional data, decrypted with the tenant's id",
    good="the same additional data for encrypting and decrypting",
)
ENCRYPTED_TWICE = rule(
    "credential-encrypted-twice",
    "{column}, {rows}: encrypted twice; decrypting it gives ciphertext of the same key",
    "Back these rows up, decrypt them once and store the result; leave the other rows as they are. "
    "Make the code that writes them encrypt only what isn't encrypted yet.",
    "A program that saves what it read encrypts the ciphertext again, so decrypting it once "
    "gives ciphertext.",
    formerly=("credential-sealed-twice",),
)
NOT_ENCRYPTED = rule(
    "credential-not-encrypted",
    "{column}, {rows}: not encrypted, the plaintext itself is stored",
    "Encrypt these rows with {variable}, then replace the credentials in them: backups and "
    "logs of the database contain them in the clear.",
    "Anyone who can read the table or one of its backups has the credential.",
    formerly=("credential-not-sealed",),
    bad="INSERT ... VALUES ('<the secret>')",
    good="INSERT ... VALUES (encrypt(secret))",
)
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
REMOTE = _of_cipher(
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
LIBRARY_MISSING = _of_cipher(
    "credential-library-missing",
    "{column}, {rows}: it {reason}",
    "Run `{command}`, then check again.",
    "Decrypting the envelope needs an optional library.",
)
WRONG_PLAINTEXT = rule(
    "credential-wrong-plaintext",
    "{column}, {rows}: decrypted, but the plaintext is not {expected}",
    "If the value is right, let `plaintext` of {column} in the spec take it too. If it belongs in "
    "another column, check whether the two were swapped; otherwise enter the right credential "
    "again.",
    "The key is right; the value was already wrong when it was encrypted.",
    formerly=("credential-wrong-shape",),
    bad="the consumer key in the column of the passkey",
    good="the passkey",
)
MISSING = rule(
    "credential-missing",
    "{column}, {rows}: NULL, but the spec requires a value",
    "Enter the credential, or remove `required` from {column} in the spec.",
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
    messages={"placed": "{column}, {rows}: cut short {place}"},
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

MADE = rule.made
"""All of them, those of keys first."""
