"""What can be wrong with stored credentials: a rule for each cause that the autopsy knows.

Templates take `column`, `rows` (`rows 17 and 90`), `key` (its name in the spec), `variable` and
`environment` from whoever knows the rows, and the rest from the cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy import CauseCode
from assay.kinds.credential import damage_rules
from assay.model import Category, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_MISREAD = Rule(
    code="credential-key-misread",
    formerly=("credential-sealed-otherwise",),
    category=Category.KEY,
    message="{column}, {rows}: {variable} is {declared}, but the ciphertext needs it {found}",
    remedy="Make the application and the spec turn {variable} into a key the way the ciphertext "
    "needs it: {found}. Don't re-encrypt: the ciphertext is intact.",
    remedies={
        "altered": "Set {variable} to the value that it had when the credential was encrypted, "
        "{found}, then redeploy. Don't re-encrypt: the ciphertext is intact.",
    },
    why="The same text gives a different key if it is read as hex, as base64, as text or hashed, "
    "and a cipher accepts only the key that encrypted.",
    bad="Buffer.from(process.env.KEY, 'hex'), but the rows were encrypted with Buffer.from(KEY)",
    good="the reading that encrypted the rows, in the application and in the spec",
)
PREVIOUS_KEY = Rule(
    code="credential-previous-key",
    formerly=("credential-sealed-with-previous",),
    category=Category.KEY,
    message="{column}, {rows}: encrypted with {other}, an earlier key",
    messages={"misread": "{column}, {rows}: encrypted with {other}, an earlier key, {found}"},
    remedy="Keep {other} until every row is re-encrypted: decrypt these rows with {other}, encrypt "
    "them with {variable}, and only then remove {other}. Nothing is lost.",
    why="After a rotation the application knows only the new key, so it can't decrypt rows that "
    "were left behind.",
    bad="KEY replaced while rows encrypted with KEY_OLD remain",
    good="each row decrypted with KEY_OLD and encrypted with KEY, then KEY_OLD removed",
)
WRONG_KEY = Rule(
    code="credential-wrong-key",
    formerly=("credential-sealed-with-other",),
    category=Category.KEY,
    message="{column}, {rows}: encrypted with the key in {other}, not the one in {variable}",
    messages={
        "misread": "{column}, {rows}: encrypted with the key in {other}, {found}, not the one in "
        "{variable}",
    },
    remedy="If {environment} has the wrong key, set {variable} to the value of {other} and don't "
    "re-encrypt the rows. If the rows were written with {other} by mistake, decrypt them with it "
    "and encrypt them with {variable}.",
    why="The key that the application has is valid, but it isn't the one that these rows need.",
    bad="the key of staging in production",
    good="the key that encrypted the rows",
)
UNSET_KEY = Rule(
    code="credential-unset-key",
    formerly=("credential-sealed-with-literal",),
    category=Category.KEY,
    message="{column}, {rows}: encrypted with {found} instead of a key",
    remedy="Decrypt these rows with {found} one last time and encrypt them with a real key, then "
    "replace the credentials in them: anyone who could read the table could decrypt them.",
    why="The key's variable was not set, and the program used a text such as `undefined` as the "
    "key. That text is the same everywhere, so encryption protects nothing.",
    bad="createHash('sha256').update(`${process.env.KEY}`) while KEY is not set",
    good="a program that stops if KEY is not set",
)
KEY_UNKNOWN = Rule(
    code="credential-key-unknown",
    category=Category.KEY,
    message="{column}, {rows}: {variable} can't decrypt it in {environment}, nor can any other "
    "available key",
    messages={
        "doubtful": "{column}, {rows}: {variable} can't decrypt it in {environment}, nor can any "
        "other available key; it may not be a ciphertext",
    },
    remedy="Find the key that {variable} held when these rows were written: in earlier "
    "deployments, in backups or in another environment. Restore it, or declare its variable under "
    "`previous`. Don't re-encrypt and don't delete anything: that key can decrypt the rows.",
    why="The ciphertext is well formed, but only the key that encrypted it can decrypt it.",
    bad="a freshly generated KEY, and rows from last year",
    good="the KEY of last year",
)
KEY_UNUSABLE = Rule(
    code="credential-key-unusable",
    category=Category.KEY,
    message="{column}, {rows}: can't be decrypted because {variable} isn't a usable key: it "
    "{reason}",
    remedy="Copy the full value of {variable} again from where the key is kept; leave the rows as "
    "they are.",
    why="A text that isn't a key of the right length decrypts nothing.",
    bad="KEY=(63 hex digits)",
    good="KEY=(64 hex digits)",
)
JSON_BUFFER = Rule(
    code="credential-json-buffer",
    category=Category.FORMAT,
    message="{column}, {rows}: stored as {form}; the ciphertext is intact",
    messages={"unopened": "{column}, {rows}: stored as {form}"},
    remedy="Decode what is stored ({undo}) and store the result; that needs no key. Then make the "
    "application store hex or base64 instead of a Buffer.",
    why="A client that sends JSON turns a Node Buffer into a JSON object. The column keeps that "
    "text, which no key can decrypt.",
    bad='supabase.from("t").insert({ secret: buffer })',
    good='supabase.from("t").insert({ secret: "\\\\x" + buffer.toString("hex") })',
)
WRAPPED = Rule(
    code="credential-wrapped",
    category=Category.FORMAT,
    message="{column}, {rows}: stored as {form}; the ciphertext is intact",
    remedy="Decode what is stored ({undo}) and store the result, or decode it when reading. "
    "Nothing has to be re-encrypted.",
    why="The text was encoded once more on its way into the column, and nothing decodes it on its "
    "way out.",
    bad="hex of a text that is base64 already",
    good="the text as the application made it",
)
WRONG_LAYOUT = Rule(
    code="credential-wrong-layout",
    formerly=("credential-other-layout",),
    category=Category.FORMAT,
    message="{column}, {rows}: written as {found}, not as {declared}; the ciphertext is intact",
    remedy="Set the `envelope` of {column} in the spec to `{spec}`, and make the program that "
    "reads the rows split them the same way. Nothing has to be re-encrypted.",
    why="Nonce, tag and ciphertext are told apart only by their position: read in a different "
    "order they are noise.",
    bad="iv + ciphertext + tag, read as iv + tag + ciphertext",
    good="one order, in the code that writes and in the code that reads",
)
WRONG_ENVELOPE = Rule(
    code="credential-wrong-envelope",
    formerly=("credential-other-envelope",),
    category=Category.FORMAT,
    message="{column}, {rows}: written as {found}, not as {declared}; the ciphertext is intact",
    messages={
        "unopened": "{column}, {rows}: written as {found}, not as {declared}; no available key "
        "decrypts it in either form",
    },
    remedy="Set the `envelope` of {column} in the spec to `{name}`, and make the program that "
    "reads the rows use it too.",
    why="Each library writes its own format, and no other library reads it.",
    bad="envelope: node-gcm-hex for rows that Fernet wrote",
    good="envelope: fernet",
)
WRONG_CIPHER = Rule(
    code="credential-wrong-cipher",
    formerly=("credential-other-cipher",),
    category=Category.ALGORITHM,
    message="{column}, {rows}: encrypted with {found}, but the spec says {declared}",
    remedy="Set the cipher of {key} in the spec to `{found}`, and make the program that reads the "
    "rows use it too. Nothing has to be re-encrypted.",
    remedies={
        "layout": "Set the cipher of {key} in the spec to `{found}` and the `envelope` of "
        "{column} to `{spec}`, and make the program that reads the rows use them too. Nothing has "
        "to be re-encrypted.",
    },
    why="Several ciphers take keys of the same size, but each decrypts only what it encrypted "
    "itself.",
    bad="aes-256-cbc for rows that were encrypted with aes-256-gcm",
    good="the cipher that encrypted the rows",
)
WRONG_AAD = Rule(
    code="credential-wrong-aad",
    formerly=("credential-other-context",),
    category=Category.ALGORITHM,
    message="{column}, {rows}: encrypted with {found} as additional authenticated data, which is "
    "not what the spec says",
    messages={
        "without": "{column}, {rows}: encrypted without additional authenticated data, but the "
        "spec declares some",
        "undeclared": "{column}, {rows}: encrypted with {found} as additional authenticated data, "
        "but the spec declares none",
        "copied": "{column}, {rows}: encrypted with the additional authenticated data of {found}, "
        "not with that of its own row",
    },
    remedy="Set `aad` in the spec, and in the program that reads the rows, to what they were "
    "encrypted with.",
    remedies={"copied": "The text was copied from {found}: enter the right credential again."},
    why="Additional data binds a ciphertext to its place. With different data the cipher refuses "
    "it, even if key and text are right.",
    bad="encrypted without additional data, decrypted with the tenant's id",
    good="the same additional data for encrypting and decrypting",
)
ENCRYPTED_TWICE = Rule(
    code="credential-encrypted-twice",
    formerly=("credential-sealed-twice",),
    category=Category.FORMAT,
    message="{column}, {rows}: encrypted twice; decrypting it gives ciphertext of the same key",
    remedy="Decrypt these rows once and store the result. Make the code that writes them encrypt "
    "only what isn't encrypted yet.",
    why="A program that saves what it read encrypts the ciphertext again, so decrypting it once "
    "gives ciphertext.",
)
NOT_ENCRYPTED = Rule(
    code="credential-not-encrypted",
    formerly=("credential-not-sealed",),
    category=Category.FORMAT,
    message="{column}, {rows}: not encrypted, the plaintext itself is stored",
    remedy="Encrypt these rows with {variable}, then replace the credentials in them: backups and "
    "logs of the database contain them in the clear.",
    why="Anyone who can read the table or one of its backups has the credential.",
    bad="INSERT ... VALUES ('<the secret>')",
    good="INSERT ... VALUES (encrypt(secret))",
)
EMPTY = Rule(
    code="credential-empty",
    category=Category.FORMAT,
    message="{column}, {rows}: empty",
    remedy="Enter the credential again, or store NULL if there is none.",
    why="An empty text isn't a ciphertext: the program was given nothing, or failed before it "
    "encrypted.",
)
PLACEHOLDER = Rule(
    code="credential-placeholder",
    formerly=("credential-stand-in",),
    category=Category.FORMAT,
    message="{column}, {rows}: {literal} is stored instead of a ciphertext",
    remedy="Enter the credential again. Make the code that writes stop if there is nothing to "
    "store.",
    why="A program wrote something unset or unprintable as text, and never stored the credential "
    "itself.",
    bad="String({}) in a column",
    good="NULL, or a ciphertext",
)
TOO_LARGE = Rule(
    code="credential-too-large",
    category=Category.FORMAT,
    message="{column}, {rows}: too large to be a credential, so not read",
    remedy="Find out what wrote these values to {column}: a credential has a few hundred bytes.",
    why="Something else was stored there, or one value was encoded again and again.",
)
EXPIRED = Rule(
    code="credential-expired",
    category=Category.FORMAT,
    message="{column}, {rows}: the ciphertext {reason}",
    remedy="Enter the credential again, and encrypt it without a time limit: what is stored must "
    "not expire by itself.",
    why="The envelope contains the time until which it may be decrypted, and programs refuse it "
    "after that.",
)
REMOTE = Rule(
    code="credential-remote",
    category=Category.ALGORITHM,
    severity=Severity.WARNING,
    message="{column}, {rows}: written as {found}, which can't be decrypted here: it needs {needs}",
    remedy="Set the `envelope` of {column} in the spec to what they are, and decrypt them with "
    "{needs}.",
    why="The key never leaves a service, so it is unknown whether the ciphertext is intact.",
)
LIBRARY_MISSING = Rule(
    code="credential-library-missing",
    category=Category.ALGORITHM,
    message="{column}, {rows}: it {reason}",
    remedy="Run `{command}`, then check again.",
    why="Decrypting the envelope needs an optional library.",
)
WRONG_PLAINTEXT = Rule(
    code="credential-wrong-plaintext",
    formerly=("credential-wrong-shape",),
    category=Category.FORMAT,
    message="{column}, {rows}: decrypted, but the plaintext is not {expected}",
    remedy="Enter the right credential again. If the value belongs in another column, check "
    "whether the two were swapped.",
    why="The key is right; the value was already wrong when it was encrypted.",
    bad="the consumer key in the column of the passkey",
    good="the passkey",
)
MISSING = Rule(
    code="credential-missing",
    category=Category.MISSING,
    message="{column}, {rows}: NULL, but the spec requires a value",
    remedy="Enter the credential, or remove `required` from {column} in the spec.",
    why="The application finds no credential when it needs one.",
    bad="INSERT INTO mpesa_credentials (tenant_id) VALUES (9)",
    good="each row with everything that a payment needs",
)
WRONG_METADATA = Rule(
    code="credential-wrong-metadata",
    category=Category.FORMAT,
    message="{column}, {rows}: not {expected}",
    remedy="Correct {column} in these rows, or its type under `metadata` in the spec.",
    why="The columns beside a ciphertext say how to decrypt it, such as with which key.",
    bad="key_version: 'two'",
    good="key_version: 2",
)
COLUMN_MISSING = Rule(
    code="credential-column-missing",
    category=Category.MISSING,
    message="{table} has no column {column}",
    messages={"similar": "{table} has no column {column}: did you mean {similar}?"},
    remedy="Correct the name of the column in the spec, or run the migration that adds it.",
    why="No row can be read at all, neither here nor by the application.",
    bad="where: revoked == null",
    good="where: revoked_at == null",
)

_CAUSES = (
    KEY_MISREAD,
    PREVIOUS_KEY,
    WRONG_KEY,
    UNSET_KEY,
    KEY_UNKNOWN,
    KEY_UNUSABLE,
    JSON_BUFFER,
    WRAPPED,
    WRONG_LAYOUT,
    WRONG_ENVELOPE,
    WRONG_CIPHER,
    WRONG_AAD,
    ENCRYPTED_TWICE,
    NOT_ENCRYPTED,
    EMPTY,
    PLACEHOLDER,
    TOO_LARGE,
    EXPIRED,
    REMOTE,
    LIBRARY_MISSING,
    WRONG_PLAINTEXT,
    *damage_rules.RULES,
    MISSING,
    WRONG_METADATA,
)
BY_CAUSE: Mapping[CauseCode, Rule] = {
    CauseCode(rule.code.removeprefix("credential-")): rule for rule in _CAUSES
}
"""The rule of each cause."""
OF_ALL_ROWS = frozenset((CauseCode.MISSING, CauseCode.WRONG_METADATA))
"""Causes whose rows are counted among all, those with NULL in the column included."""
RULES = (*_CAUSES, COLUMN_MISSING)
