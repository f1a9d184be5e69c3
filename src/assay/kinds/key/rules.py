"""What can be wrong with a key."""

from __future__ import annotations

from assay.kind import RuleMaker
from assay.model import Category, Severity

rule: RuleMaker = RuleMaker(Category.KEY)
_AGAIN = "Copy the full value of {name} again from where the key is kept."

WRONG_ENCODING = rule(
    "key-wrong-encoding",
    "{name} is {found}, but the spec says {declared}; read the way it is written, it gives "
    "the {need} that {cipher} needs",
    "Convert {name} from {found} to {declared}; or, if the application reads {found}, set "
    "`encoding: {encoding}` for {key}.",
    "Read the declared way it gives different bytes, or none: what was encrypted before can't "
    "be decrypted, and what is encrypted now can be decrypted nowhere else.",
    remedies={
        "prefix-twice": "Remove one {prefix} from {name}: it appears twice.",
        "prefix": "Remove {prefix} from {name}, or declare `prefix: '{prefix}'`.",
        "marker": "Remove {prefix} from {name}.",
        "plain": "Write the key in {name} as plain {declared}: it is {found}.",
        "as-text": "If the application uses the text as it is, set `encoding: {encoding}` for "
        "{key}; otherwise replace the key in {name}.",
        "different": "If the application reads {found}, set `encoding: {encoding}` for {key}; "
        "otherwise replace the key in {name}.",
    },
    bad="KEY=(44 characters of base64 where the application reads hex)",
    good="KEY=(64 hex digits)",
)
PADDING = rule(
    "key-padding-lost",
    "{name} lost the = signs at its end: expected {declared} with padding",
    "Add = signs to the end of {name}, up to a multiple of four characters; or, if Node "
    "reads it, set `decoder: node` for {key}.",
    "Python, Java and Go raise an error. Forms and scripts that split at = drop the signs.",
    bad="KEY=q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
    good="KEY=q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
)
PREFIX = rule(
    "key-prefix-missing",
    "{name} does not begin with {prefix}, which the application removes",
    "Put {prefix} before the key in {name}, or remove `prefix` from {key}.",
    "The application cuts that many characters off the key itself, or refuses to start.",
    bad="APP_KEY=q83vEjRW...",
    good="APP_KEY=base64:q83vEjRW...",
)
PASSPHRASE = rule(
    "key-passphrase",
    "{name} is a passphrase: expected a random key in {declared}",
    "Generate a key with `assay key generate {key}`. If the application derives its key "
    "from a passphrase, declare `encoding: utf8` and `derive` instead. A new key can't decrypt "
    "what an earlier one encrypted.",
    "No decoder gets a key out of it; an application that pads or cuts it has a key that a "
    "dictionary attack finds.",
    bad="KEY=correct horse battery staple",
    good="KEY=<openssl rand -hex 32>",
)
TRUNCATED = rule(
    "key-truncated",
    "{name} ends in the middle of a byte: {reason}",
    _AGAIN,
    "A character was lost or added on the way. Strict decoders raise an error; Node drops the "
    "rest and silently continues with a different key.",
    bad="KEY=(63 hex digits)",
    good="KEY=(64 hex digits)",
)
DOUBLED = rule(
    "key-doubled",
    "{name} contains its key twice, one directly after the other",
    "Remove one of the two halves of {name}.",
    "It was pasted twice, and is now too long for the cipher.",
    messages={"second": "{name} contains a second key directly after the first"},
    remedies={
        "second": "Remove the second key from {name}; or, if it was meant to replace the first, "
        "remove that one instead."
    },
    bad="KEY=<key><key>",
    good="KEY=<key>",
)
WRONG_LENGTH = rule(
    "key-wrong-length",
    "{name} is too short for {cipher}, which needs {need} in {declared}",
    "Copy the full value of {name} again, or correct the cipher of {key} in the spec. For a "
    "new key, run `assay key generate {key}`.",
    "Ciphers refuse a key of a different length, and an application that pads or cuts it "
    "silently weakens it.",
    messages={
        "too-long": "{name} is too long for {cipher}, which needs {need} in {declared}",
        "fits-as-text": "{name} is too short for {cipher}, which needs {need} in {declared}; used "
        "as text it would be long enough, but only half as strong",
    },
    bad="KEY=<openssl rand -hex 16> for aes-256-gcm",
    good="KEY=<openssl rand -hex 32> for aes-256-gcm",
)
MALFORMED = rule(
    "key-malformed",
    "{name} isn't a usable key: it {reason}",
    _AGAIN,
    "Strict decoders raise an error; Node's silently continue with a shorter key.",
    bad="KEY=7a3e153e!bf5a4bd8...",
    good="KEY=7a3e153ebf5a4bd8...",
)
HEX_AS_TEXT = rule(
    "key-hex-as-text",
    "{name} consists of hex digits but is read as {declared}, so the key is weaker than it is long",
    "If the application decodes hex, set `encoding: hex` for {key}; otherwise replace the "
    "key with a random one in {declared} at its next rotation.",
    "A hex digit carries 4 bits and takes 8 as text: 32 digits used as a key for AES-256 have "
    "the strength of 128 bits.",
    severity=Severity.WARNING,
    bad="createCipheriv('aes-256-gcm', '9e107d9d372bb6826bd81d3542a419d6', iv)",
    good="createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), iv)",
)
WEAK = rule(
    "key-weak",
    "the key in {name} can be guessed: it {reason}",
    "Generate a key with `assay key generate {key}`, and re-encrypt what the old one encrypted.",
    "Length doesn't help if the bytes follow a pattern or a word: a search finds them.",
    severity=Severity.WARNING,
    bad="KEY=000102030405060708090a0b0c0d0e0f",
    good="KEY=<openssl rand -hex 16>",
)
UNDERIVABLE = rule(
    "key-underivable",
    "the key {key} can't be derived from {name}: {reason}",
    "Set the salt that {key} is derived with, in the encoding that the spec declares.",
    "Without its salt a derivation gives a different key, or none.",
)
REFUSED = rule(
    "key-refused",
    "{cipher} refuses the key in {name}: it {reason}",
    _AGAIN,
    "What is signed or encrypted with it can't be verified or decrypted again.",
)
MISMATCH = rule(
    "key-mismatch",
    "{name} is not the key that {key} has in {environment}",
    "Set {name} to the key whose check value is in the spec; don't encrypt anything with "
    "this one. If the key was replaced on purpose, put the new check value into the spec: `assay "
    "key show {key}` prints it.",
    "What was encrypted with the right key can't be decrypted, and what is encrypted with this "
    "one is lost once the right one is back.",
    messages={
        "of-other-environment": "{name} is the key that {key} has in {other}, not in {environment}",
    },
    bad="the key of development in production",
    good="the key whose check value is in the spec",
)
ELSEWHERE = rule(
    "key-in-other-variable",
    "the key that {key} needs in {environment} is in {other}, not in {name}",
    "Swap {other} and {name}, or correct `check-value` and `sealed` of {key} after a rotation.",
    "The application encrypts with one key, but its rows need the other.",
    bad="KEY=<old key>, KEY_OLD=<new key>",
    good="KEY=<new key>, KEY_OLD=<old key>",
)
MISREAD = rule(
    "key-misread",
    "{proof} was encrypted with {reading}, but the spec reads {name} differently",
    "Make the spec of {key} say how the application derives its key, which is {reading}; or "
    "fix the application and encrypt again.",
    "The application needs the key as it was when it encrypted, and both readings of the text "
    "look like a valid key.",
    formerly=("key-other-reading",),
    messages={
        "check-value": "the check value in the spec is that of {reading}, but the spec reads "
        "{name} differently",
    },
    remedies={
        "unset": "Set {name} to a real key and re-encrypt everything: anyone who knows of this "
        "fault can decrypt it.",
    },
    bad="encoding: utf8, but the rows were encrypted with Buffer.from(key, 'hex')",
    good="encoding: hex",
)
MISTYPED = rule(
    "key-mistyped",
    "{name} contains a typing error: {proof} matches it {found}",
    "Copy the full value of {name} again from where the key is kept; don't encrypt anything with "
    "this one.",
    "One wrong character gives an entirely different key, or none: what was encrypted with the "
    "right one can't be decrypted.",
    bad="KEY=7a3e153e0f5a4bd8...",
    good="KEY=7a3e153ebf5a4bd8...",
)
UNOPENED = rule(
    "key-cannot-decrypt",
    "{name} can't decrypt {proof} of {key}, however it is read",
    "Set {name} to the key that encrypted it; don't encrypt anything with this one. If the "
    "key was replaced on purpose, encrypt the text again. If the application can decrypt it, check "
    "whether the copy in the spec is damaged.",
    "The key differs from the one that the application's data was encrypted with.",
    formerly=("key-opens-nothing",),
)
WRONG_PLAINTEXT = rule(
    "key-wrong-plaintext",
    "{name} decrypts {proof} of {key}, but not to the plaintext in the spec",
    "Correct `plaintext` in the spec: the cipher has proven that the key is right.",
    "A known answer that is itself wrong proves nothing about the next key.",
    formerly=("key-opens-otherwise",),
)
