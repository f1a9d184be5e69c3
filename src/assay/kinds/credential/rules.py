"""What can be wrong with stored credentials: a rule for each cause that the autopsy knows.

Templates take `column`, `rows` (`rows 17 and 90`), `key` (its name in the spec), `variable` and
`environment` from whoever knows the rows, and the rest from the cause.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assay.crypto.autopsy import CauseCode
from assay.kind import RuleMaker
from assay.model import Category, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

rule: RuleMaker = RuleMaker(Category.FORMAT)
_of_cipher = partial(rule, category=Category.ALGORITHM)
_of_key = partial(rule, category=Category.KEY)
_AGAIN = "Restore these rows from a backup, or enter the credential again. Leave the key as it is."

KEY_MISREAD = _of_key(
    "credential-key-misread",
    "{column}, {rows}: {variable} is {declared}, but the ciphertext needs it {found}",
    "Make the application and the spec turn {variable} into a key the way the ciphertext "
    "needs it: {found}. Don't re-encrypt: the ciphertext is intact.",
    "The same text gives a different key if it is read as hex, as base64, as text or hashed, "
    "and a cipher accepts only the key that encrypted.",
    formerly=("credential-sealed-otherwise",),
    remedies={
        "altered": "Set {variable} to the value that it had when the credential was encrypted, "
        "{found}, then redeploy. Don't re-encrypt: the ciphertext is intact.",
    },
    bad="Buffer.from(process.env.KEY, 'hex'), but the rows were encrypted with Buffer.from(KEY)",
    good="the reading that encrypted the rows, in the application and in the spec",
)
PREVIOUS_KEY = _of_key(
    "credential-previous-key",
    "{column}, {rows}: encrypted with {other}, an earlier key",
    "Keep {other} until every row is re-encrypted: decrypt these rows with {other}, encrypt "
    "them with {variable}, and only then remove {other}. Nothing is lost.",
    "After a rotation the application knows only the new key, so it can't decrypt rows that "
    "were left behind.",
    formerly=("credential-sealed-with-previous",),
    messages={"misread": "{column}, {rows}: encrypted with {other}, an earlier key, {found}"},
    bad="KEY replaced while rows encrypted with KEY_OLD remain",
    good="each row decrypted with KEY_OLD and encrypted with KEY, then KEY_OLD removed",
)
WRONG_KEY = _of_key(
    "credential-wrong-key",
    "{column}, {rows}: encrypted with the key in {other}, not the one in {variable}",
    "If {environment} has the wrong key, set {variable} to the value of {other} and don't "
    "re-encrypt the rows. If the rows were written with {other} by mistake, decrypt them with it "
    "and encrypt them with {variable}.",
    "The key that the application has is valid, but it isn't the one that these rows need.",
    formerly=("credential-sealed-with-other",),
    messages={
        "misread": "{column}, {rows}: encrypted with the key in {other}, {found}, not the one in "
        "{variable}",
    },
    bad="the key of staging in production",
    good="the key that encrypted the rows",
)
UNSET_KEY = _of_key(
    "credential-unset-key",
    "{column}, {rows}: encrypted with {found} instead of a key",
    "Decrypt these rows with {found} one last time and encrypt them with a real key, then "
    "replace the credentials in them: anyone who could read the table could decrypt them.",
    "The key's variable was not set, and the program used a text such as `undefined` as the "
    "key. That text is the same everywhere, so encryption protects nothing.",
    formerly=("credential-sealed-with-literal",),
    bad="createHash('sha256').update(`${process.env.KEY}`) while KEY is not set",
    good="a program that stops if KEY is not set",
)
KEY_UNKNOWN = _of_key(
    "credential-key-unknown",
    "{column}, {rows}: {variable} can't decrypt it in {environment}, nor can any other "
    "available key",
    "Find the key that {variable} held when these rows were written: in earlier "
    "deployments, in backups or in another environment. Restore it, or declare its variable under "
    "`previous`. Don't re-encrypt and don't delete anything: that key can decrypt the rows.",
    "The ciphertext is well formed, but only the key that encrypted it can decrypt it.",
    messages={
        "doubtful": "{column}, {rows}: {variable} can't decrypt it in {environment}, nor can any "
        "other available key; it may not be a ciphertext",
        "or-damaged": "{column}, {rows}: damaged, or encrypted with a different key: {variable} "
        "can't decrypt it in {environment}, nor can any other available key",
    },
    remedies={
        "or-damaged": "Compare these rows with a backup: if {variable} decrypts what that holds, "
        "they are damaged, so restore them from it. If it doesn't, find the key that {variable} "
        "held when they were written, and declare its variable under `previous`; don't "
        "re-encrypt and don't delete anything.",
    },
    bad="a freshly generated KEY, and rows from last year",
    good="the KEY of last year",
)
KEY_UNUSABLE = _of_key(
    "credential-key-unusable",
    "{column}, {rows}: can't be decrypted because {variable} isn't a usable key: it {reason}",
    "Copy the full value of {variable} again from where the key is kept; leave the rows as "
    "they are.",
    "A text that isn't a key of the right length decrypts nothing.",
    bad="KEY=(63 hex digits)",
    good="KEY=(64 hex digits)",
)
JSON_BUFFER = rule(
    "credential-json-buffer",
    "{column}, {rows}: stored as {form}; the ciphertext is intact",
    "Decode what is stored ({undo}) and store the result; that needs no key. Then make the "
    "application store hex or base64 instead of a Buffer.",
    "A client that sends JSON turns a Node Buffer into a JSON object. The column keeps that "
    "text, which no key can decrypt.",
    messages={"unopened": "{column}, {rows}: stored as {form}"},
    bad='supabase.from("t").insert({ secret: buffer })',
    good='supabase.from("t").insert({ secret: "\\\\x" + buffer.toString("hex") })',
)
WRAPPED = rule(
    "credential-wrapped",
    "{column}, {rows}: stored as {form}; the ciphertext is intact",
    "Decode what is stored ({undo}) and store the result, or decode it when reading. "
    "Nothing has to be re-encrypted.",
    "The text was encoded once more on its way into the column, and nothing decodes it on its "
    "way out.",
    bad="hex of a text that is base64 already",
    good="the text as the application made it",
)
WRONG_LAYOUT = rule(
    "credential-wrong-layout",
    "{column}, {rows}: written as {found}, not as {declared}; the ciphertext is intact",
    "Set the `envelope` of {column} in the spec to `{spec}`, and make the program that "
    "reads the rows split them the same way. Nothing has to be re-encrypted.",
    "Nonce, tag and ciphertext are told apart only by their position: read in a different "
    "order they are noise.",
    formerly=("credential-other-layout",),
    bad="iv + ciphertext + tag, read as iv + tag + ciphertext",
    good="one order, in the code that writes and in the code that reads",
)
WRONG_ENVELOPE = rule(
    "credential-wrong-envelope",
    "{column}, {rows}: written as {found}, not as {declared}; the ciphertext is intact",
    "Set the `envelope` of {column} in the spec to `{name}`, and make the program that "
    "reads the rows use it too.",
    "Each library writes its own format, and no other library reads it.",
    formerly=("credential-other-envelope",),
    messages={
        "unopened": "{column}, {rows}: written as {found}, not as {declared}; no available key "
        "decrypts it in either form",
    },
    bad="envelope: node-gcm-hex for rows that Fernet wrote",
    good="envelope: fernet",
)
WRONG_CIPHER = _of_cipher(
    "credential-wrong-cipher",
    "{column}, {rows}: encrypted with {found}, but the spec says {declared}",
    "Set the cipher of {key} in the spec to `{found}`, and make the program that reads the "
    "rows use it too. Nothing has to be re-encrypted.",
    "Several ciphers take keys of the same size, but each decrypts only what it encrypted itself.",
    formerly=("credential-other-cipher",),
    remedies={
        "layout": "Set the cipher of {key} in the spec to `{found}` and the `envelope` of "
        "{column} to `{spec}`, and make the program that reads the rows use them too. Nothing has "
        "to be re-encrypted.",
    },
    bad="aes-256-cbc for rows that were encrypted with aes-256-gcm",
    good="the cipher that encrypted the rows",
)
WRONG_AAD = _of_cipher(
    "credential-wrong-aad",
    "{column}, {rows}: encrypted with {found} as additional authenticated data, which is "
    "not what the spec says",
    "Set `aad` in the spec, and in the program that reads the rows, to what they were "
    "encrypted with.",
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
    remedies={"copied": "The text was copied from {found}: enter the right credential again."},
    bad="encrypted without additional data, decrypted with the tenant's id",
    good="the same additional data for encrypting and decrypting",
)
ENCRYPTED_TWICE = rule(
    "credential-encrypted-twice",
    "{column}, {rows}: encrypted twice; decrypting it gives ciphertext of the same key",
    "Decrypt these rows once and store the result. Make the code that writes them encrypt "
    "only what isn't encrypted yet.",
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
    "Enter the credential again, and encrypt it without a time limit: what is stored must "
    "not expire by itself.",
    "The envelope contains the time until which it may be decrypted, and programs refuse it "
    "after that.",
)
REMOTE = _of_cipher(
    "credential-remote",
    "{column}, {rows}: written as {found}, which can't be decrypted here: it needs {needs}",
    "Set the `envelope` of {column} in the spec to what they are, and decrypt them with {needs}.",
    "The key never leaves a service, so it is unknown whether the ciphertext is intact.",
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
        "column": "Widen {column} first (`text` or `bytea` hold any length), then restore these "
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
    "Find out how these values were written, then correct the `envelope` of {column} in the "
    "spec or enter the credential again.",
    "No key can decrypt a text that doesn't have the form of its envelope.",
)
UNEXPLAINED = rule(
    "credential-unexplained",
    "{column}, {rows}: can't be decrypted, and no known fault explains it",
    "Run `assay credentials explain -` on one of them to see what is known of it, and check "
    "whether the `envelope` of {column} in the spec is right.",
    "Key, format and bytes may each be wrong, and nothing told them apart.",
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
