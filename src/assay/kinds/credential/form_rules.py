"""What can be wrong with how stored credentials are written: layouts, envelopes, ciphers."""

from __future__ import annotations

from functools import partial

from assay.kinds.credential.key_rules import rule
from assay.model import Category, Rule

of_cipher: partial[Rule] = partial(rule, category=Category.ALGORITHM)

JSON_BUFFER = rule(
    "credential-json-buffer",
    "{column}, {rows}: stored as {form}; the ciphertext is intact",
    "Decode what these rows contain ({undo}) and store the result; that needs no key. Then make "
    "the application pass hex or base64 to its client instead of a Buffer, and leave the other "
    "rows as they are.",
    "A client that sends JSON turns a Node Buffer into a JSON object. The column keeps that "
    "text, which no key can decrypt.",
    messages={"unopened": "{column}, {rows}: stored as {form}"},
    bad='supabase.from("t").insert({ secret: buffer })',
    good='supabase.from("t").insert({ secret: "\\\\x" + buffer.toString("hex") })',
)
WRAPPED = rule(
    "credential-wrapped",
    "{column}, {rows}: stored as {form}; the ciphertext is intact",
    "Unless the application decodes it when reading, decode what these rows contain ({undo}) and "
    "store the result. Leave the other rows as they are; nothing has to be re-encrypted.",
    "The text was encoded once more on its way into the column, and nothing decodes it on its "
    "way out.",
    bad="hex of a text that is base64 already",
    good="the text as the application made it",
)
_HEADLESS = (
    "{column}, {rows}: written as {found}; read as {declared}, the first 16 bytes of each "
    "credential are taken for its iv and lost"
)
_KEY_AND_LAYOUT_ALL = (
    "Change {key} under `keys` in the spec to `{fields}` and the `envelope` of {column} to "
    "`{spec}`, and make the program that reads the rows use them too. Nothing has to be "
    "re-encrypted."
)
_KEY_AND_LAYOUT_SOME = (
    "Leave {key} and the `envelope` of {column} as they are, because {healthy} can be decrypted "
    "with them today. Back these rows up, decrypt them with `{fields}` as `{spec}`, and encrypt "
    "them as the spec says."
)
_KEY_AND_LAYOUT = (
    "If no other row can be decrypted today, change {key} under `keys` in the spec to `{fields}` "
    "and the `envelope` of {column} to `{spec}`, and make the program that reads the rows use them "
    "too. Otherwise leave both: back these rows up, decrypt them with `{fields}` as `{spec}`, and "
    "encrypt them as the spec says."
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
    messages={"headless": _HEADLESS, "headless-keyed": _HEADLESS},
    remedies={
        "all": "Set the `envelope` of {column} in the spec to `{spec}`, and make the program that "
        "reads the rows split them the same way. Nothing has to be re-encrypted.",
        "some": "Leave the `envelope` of {column} as it is, because {healthy} can be decrypted "
        "with it today. Back these rows up, decrypt them as `{spec}`, and encrypt them as the "
        "spec says.",
        "keyed": _KEY_AND_LAYOUT,
        "keyed-all": _KEY_AND_LAYOUT_ALL,
        "keyed-some": _KEY_AND_LAYOUT_SOME,
        "headless-keyed": _KEY_AND_LAYOUT,
        "headless-keyed-all": _KEY_AND_LAYOUT_ALL,
        "headless-keyed-some": _KEY_AND_LAYOUT_SOME,
    },
    bad="iv + ciphertext + tag, read as iv + tag + ciphertext",
    good="one order, in the code that writes and in the code that reads",
)
_UNOPENED = (
    "{column}, {rows}: written as {found}, not as {declared}; no available key decrypts it in "
    "either form"
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
        "unopened": _UNOPENED,
        "unopened-keyed": _UNOPENED,
    },
    remedies={
        "all": "Set the `envelope` of {column} in the spec to `{name}`, and make the program that "
        "reads the rows use it too.",
        "some": "Leave the `envelope` of {column} as it is, because {healthy} can be decrypted "
        "with it today. Back these rows up, decrypt them as `{name}`, and encrypt them as the "
        "spec says.",
        "cipher": "If no other row can be decrypted today, set the cipher of {key} in the spec to "
        "`{cipher}` and the `envelope` of {column} to `{name}`, and make the program that reads "
        "the rows use them too. Otherwise leave both: back these rows up, decrypt them as "
        "`{name}`, and encrypt them as the spec says.",
        "cipher-all": "Set the cipher of {key} in the spec to `{cipher}` and the `envelope` of "
        "{column} to `{name}`, and make the program that reads the rows use them too.",
        "cipher-some": "Leave {key} and the `envelope` of {column} as they are, because {healthy} "
        "can be decrypted with them today. Back these rows up, decrypt them with `{cipher}` as "
        "`{name}`, and encrypt them as the spec says.",
        "keyed": "If no other row can be decrypted today, change {key} under `keys` in the spec to "
        "`{fields}` and the `envelope` of {column} to `{name}`, and make the program that reads "
        "the rows use them too. Otherwise leave both: back these rows up, decrypt them with "
        "`{fields}` as `{name}`, and encrypt them as the spec says.",
        "keyed-all": "Change {key} under `keys` in the spec to `{fields}` and the `envelope` of "
        "{column} to `{name}`, and make the program that reads the rows use them too.",
        "keyed-some": "Leave {key} and the `envelope` of {column} as they are, because {healthy} "
        "can be decrypted with them today. Back these rows up, decrypt them with `{fields}` as "
        "`{name}`, and encrypt them as the spec says.",
        "unopened": "Find out which program wrote these rows as `{name}`, and with which key. Set "
        "the `envelope` of {column} in the spec to `{name}` only if no other row can be decrypted "
        "as it is.",
        "unopened-some": "Leave the `envelope` of {column} as it is, because {healthy} can be "
        "decrypted with it today. Find out which program wrote these rows as `{name}`, and with "
        "which key, before you change them.",
        "unopened-keyed": "Find out which program wrote these rows as `{name}`, and with which "
        "key. Change {key} under `keys` in the spec to `{fields}` and the `envelope` of {column} "
        "to `{name}` only if no other row can be decrypted as it is.",
        "unopened-keyed-some": "Leave {key} and the `envelope` of {column} as they are, because "
        "{healthy} can be decrypted with them today. Find out which program wrote these rows as "
        "`{name}`, and with which key, before you change them.",
    },
    bad="envelope: node-gcm-hex for rows that Fernet wrote",
    good="envelope: fernet",
)
WRONG_CIPHER = of_cipher(
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
        "keyed": "If no other row can be decrypted today, change {key} under `keys` in the spec to "
        "`{fields}`, and make the program that reads the rows use them too. Otherwise leave it: "
        "back these rows up, decrypt them with `{fields}`, and encrypt them as the spec says.",
        "keyed-all": "Change {key} under `keys` in the spec to `{fields}`, and make the program "
        "that reads the rows use them too. Nothing has to be re-encrypted.",
        "keyed-some": "Leave {key} as it is, because {healthy} can be decrypted with it today. "
        "Back these rows up, decrypt them with `{fields}`, and encrypt them as the spec says.",
        "layout-keyed": _KEY_AND_LAYOUT,
        "layout-keyed-all": _KEY_AND_LAYOUT_ALL,
        "layout-keyed-some": _KEY_AND_LAYOUT_SOME,
    },
    bad="aes-256-cbc for rows that were encrypted with aes-256-gcm",
    good="the cipher that encrypted the rows",
)
WRONG_AAD = of_cipher(
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
