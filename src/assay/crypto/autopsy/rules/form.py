"""What can be wrong with how a ciphertext is stored, while all of it is still there."""

from __future__ import annotations

from assay.model import Category, Rule, Severity

JSON_BUFFER = Rule(
    code="credential-json-buffer",
    category=Category.FORMAT,
    message="{column}, {rows}: stored as {form}{layers}{intact}",
    remedy="Write the bytes back as they were: take off {undo}, and store what is left; "
    "that takes no key. Then let the application store hex or base64, not a Buffer.",
    why="A client that sends JSON writes a Buffer of Node as a JSON object. The column keeps that "
    "text, and no key opens it as it stands.",
    bad='supabase.from("t").insert({ secret: buffer })',
    good='supabase.from("t").insert({ secret: "\\\\x" + buffer.toString("hex") })',
)
WRAPPED = Rule(
    code="credential-wrapped",
    category=Category.FORMAT,
    message="{column}, {rows}: stored as {form}; the ciphertext is intact",
    remedy="Write the bytes back as they were: take off {undo}, and store what is left; or take "
    "it off when reading. Nothing needs to be encrypted again for that.",
    why="The text was encoded once more on its way into the column, and is not decoded on its way "
    "out.",
    bad="hex of a text that is base64 already",
    good="the text as the application made it",
)
OTHER_LAYOUT = Rule(
    code="credential-other-layout",
    category=Category.FORMAT,
    message="{column}, {rows}: written as {found}, not as {declared}; the ciphertext is intact",
    remedy="Set the `envelope` of {column} in the spec to `{spec}`, and let the program that reads "
    "them take them apart so; nothing needs to be encrypted again.",
    why="Nonce, tag and ciphertext are told apart by their places alone: read in another order "
    "they are noise.",
    bad="iv + ciphertext + tag, read as iv + tag + ciphertext",
    good="one order, in the code that writes and in the code that reads",
)
OTHER_ENVELOPE = Rule(
    code="credential-other-envelope",
    category=Category.FORMAT,
    message="{column}, {rows}: written as {found}, the spec says {declared}{opens}",
    remedy="Set the `envelope` of {column} in the spec to {name}, and let the program that reads "
    "them use it too.",
    why="Each library writes its own format, and no other reads it.",
    bad="envelope: node-gcm-hex for rows that Fernet wrote",
    good="envelope: fernet",
)
OTHER_CIPHER = Rule(
    code="credential-other-cipher",
    category=Category.ALGORITHM,
    message="{column}, {rows}: sealed with {found}, the spec says {declared}",
    remedy="Set the cipher of {key} in the spec to {found}{also}, and let the program that reads "
    "them use it too; nothing needs to be encrypted again.",
    why="Ciphers take keys of the same size, and open only what they sealed themselves.",
    bad="aes-256-cbc where the rows were sealed with aes-256-gcm",
    good="the cipher that sealed the rows",
)
OTHER_CONTEXT = Rule(
    code="credential-other-context",
    category=Category.ALGORITHM,
    message="{column}, {rows}: sealed with {found} as additional authenticated data, the spec says "
    "{declared}",
    remedy="Let `aad` in the spec, and the program that reads them, say what they were sealed "
    "with. Where it is the name of another row, the text was copied from there: enter it again.",
    why="Additional data binds a ciphertext to its place. With other data the cipher refuses it, "
    "though key and text are right.",
    bad="sealed without, opened with the tenant's id",
    good="the same additional data for sealing and opening",
)
SEALED_TWICE = Rule(
    code="credential-sealed-twice",
    category=Category.FORMAT,
    message="{column}, {rows}: sealed twice; what they open to is itself sealed with the same key",
    remedy="Open these rows once and store what comes out. Let the code that writes them seal "
    "only what is not sealed yet.",
    why="A program that saves what it read seals the ciphertext again, and whoever opens it once "
    "gets ciphertext.",
)
NOT_SEALED = Rule(
    code="credential-not-sealed",
    category=Category.FORMAT,
    message="{column}, {rows}: not encrypted, the plaintext itself is stored",
    remedy="Seal these rows with {variable}, and replace what they hold: backups and logs of the "
    "database have had it in the clear.",
    why="Whoever reads the table or one of its backups has the credential.",
    bad="INSERT ... VALUES ('<the secret>')",
    good="INSERT ... VALUES (encrypt(secret))",
)
EMPTY = Rule(
    code="credential-empty",
    category=Category.FORMAT,
    message="{column}, {rows}: empty",
    remedy="Enter the credential again, or store NULL where there is none.",
    why="An empty text is no ciphertext; the program was given nothing, or failed before it "
    "sealed.",
)
STAND_IN = Rule(
    code="credential-stand-in",
    category=Category.FORMAT,
    message="{column}, {rows}: hold {literal} in place of a ciphertext",
    remedy="Enter the credential again. Let the code that writes stop when there is nothing to "
    "store.",
    why="A program wrote something unset or unprinted as text. What should have been stored is "
    "not there.",
    bad="String({}) in a column",
    good="NULL, or a ciphertext",
)
TOO_LARGE = Rule(
    code="credential-too-large",
    category=Category.FORMAT,
    message="{column}, {rows}: too large to be a credential, so not read",
    remedy="Look at how these values came into {column}: a credential has some hundred bytes.",
    why="Something else was stored there, or one value was encoded again and again.",
)
EXPIRED = Rule(
    code="credential-expired",
    category=Category.FORMAT,
    message="{column}, {rows}: {reason}",
    remedy="Enter the credential again, or seal it without a time limit: what is stored should "
    "not expire by itself.",
    why="The envelope names the time until which it may be opened, and programs refuse it then.",
)
REMOTE = Rule(
    code="credential-remote",
    category=Category.ALGORITHM,
    severity=Severity.WARNING,
    message="{column}, {rows}: written as {found}, which can't be opened here: it needs {needs}",
    remedy="Set the `envelope` of {column} in the spec to what they are, and open them where that "
    "is possible: it takes {needs}.",
    why="Its key never leaves a service, so there is nothing here to judge it with.",
)
LIBRARY_MISSING = Rule(
    code="credential-library-missing",
    category=Category.ALGORITHM,
    message="{column}, {rows}: {reason}",
    remedy="Install it: {command}",
    why="The envelope is opened with an optional library.",
)
WRONG_SHAPE = Rule(
    code="credential-wrong-shape",
    category=Category.FORMAT,
    message="{column}, {rows}: they open, but what they hold is not {expected}",
    remedy="Enter the credential again in its right form; where another value was stored in its "
    "place, see whether two columns were exchanged.",
    why="The key is right. What was encrypted was wrong already.",
    bad="the consumer key in the column of the passkey",
    good="the passkey",
)

RULES = (
    JSON_BUFFER,
    WRAPPED,
    OTHER_LAYOUT,
    OTHER_ENVELOPE,
    OTHER_CIPHER,
    OTHER_CONTEXT,
    SEALED_TWICE,
    NOT_SEALED,
    EMPTY,
    STAND_IN,
    TOO_LARGE,
    EXPIRED,
    REMOTE,
    LIBRARY_MISSING,
    WRONG_SHAPE,
)
