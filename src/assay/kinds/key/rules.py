"""What can be wrong with a key."""

from __future__ import annotations

from assay.model import Category, Rule, Severity

_AGAIN = "Copy the full value of {name} again from where the key is kept."

WRONG_ENCODING = Rule(
    code="key-wrong-encoding",
    category=Category.KEY,
    message="{name} is {found}, but the spec says {declared}; read the way it is written, it gives "
    "the {need} that {cipher} needs",
    remedy="Convert {name} from {found} to {declared}; or, if the application reads {found}, set "
    "`encoding: {encoding}` for {key}.",
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
    why="Read the declared way it gives different bytes, or none: what was encrypted before can't "
    "be decrypted, and what is encrypted now can be decrypted nowhere else.",
    bad="KEY=(44 characters of base64 where the application reads hex)",
    good="KEY=(64 hex digits)",
)
PADDING = Rule(
    code="key-padding-lost",
    category=Category.KEY,
    message="{name} lost the = signs at its end: expected {declared} with padding",
    remedy="Add = signs to the end of {name}, up to a multiple of four characters; or, if Node "
    "reads it, set `decoder: node` for {key}.",
    why="Python, Java and Go raise an error. Forms and scripts that split at = drop the signs.",
    bad="KEY=q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
    good="KEY=q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
)
PREFIX = Rule(
    code="key-prefix-missing",
    category=Category.KEY,
    message="{name} does not begin with {prefix}, which the application removes",
    remedy="Put {prefix} before the key in {name}, or remove `prefix` from {key}.",
    why="The application cuts that many characters off the key itself, or refuses to start.",
    bad="APP_KEY=q83vEjRW...",
    good="APP_KEY=base64:q83vEjRW...",
)
PASSPHRASE = Rule(
    code="key-passphrase",
    category=Category.KEY,
    message="{name} is a passphrase: expected a random key in {declared}",
    remedy="Generate a key with `assay key generate {key}`. If the application derives its key "
    "from a passphrase, declare `encoding: utf8` and `derive` instead. A new key can't decrypt "
    "what an earlier one encrypted.",
    why="No decoder gets a key out of it; an application that pads or cuts it has a key that a "
    "dictionary attack finds.",
    bad="KEY=correct horse battery staple",
    good="KEY=<openssl rand -hex 32>",
)
TRUNCATED = Rule(
    code="key-truncated",
    category=Category.KEY,
    message="{name} ends in the middle of a byte: {reason}",
    remedy=_AGAIN,
    why="A character was lost or added on the way. Strict decoders raise an error; Node drops the "
    "rest and silently continues with a different key.",
    bad="KEY=(63 hex digits)",
    good="KEY=(64 hex digits)",
)
DOUBLED = Rule(
    code="key-doubled",
    category=Category.KEY,
    message="{name} contains its key twice, one directly after the other",
    remedy="Remove one of the two halves of {name}.",
    why="It was pasted twice, and is now too long for the cipher.",
    bad="KEY=<key><key>",
    good="KEY=<key>",
)
WRONG_LENGTH = Rule(
    code="key-wrong-length",
    category=Category.KEY,
    message="{name} is too short for {cipher}, which needs {need} in {declared}",
    messages={
        "too-long": "{name} is too long for {cipher}, which needs {need} in {declared}",
        "fits-as-text": "{name} is too short for {cipher}, which needs {need} in {declared}; used "
        "as text it would be long enough, but only half as strong",
    },
    remedy="Copy the full value of {name} again, or correct the cipher of {key} in the spec. For a "
    "new key, run `assay key generate {key}`.",
    why="Ciphers refuse a key of a different length, and an application that pads or cuts it "
    "silently weakens it.",
    bad="KEY=<openssl rand -hex 16> for aes-256-gcm",
    good="KEY=<openssl rand -hex 32> for aes-256-gcm",
)
MALFORMED = Rule(
    code="key-malformed",
    category=Category.KEY,
    message="{name} isn't a usable key: it {reason}",
    remedy=_AGAIN,
    why="Strict decoders raise an error; Node's silently continue with a shorter key.",
    bad="KEY=7a3e153e!bf5a4bd8...",
    good="KEY=7a3e153ebf5a4bd8...",
)
HEX_AS_TEXT = Rule(
    code="key-hex-as-text",
    category=Category.KEY,
    severity=Severity.WARNING,
    message="{name} consists of hex digits but is read as {declared}, so the key is weaker than it "
    "is long",
    remedy="If the application decodes hex, set `encoding: hex` for {key}; otherwise replace the "
    "key with a random one in {declared} at its next rotation.",
    why="A hex digit carries 4 bits and takes 8 as text: 32 digits used as a key for AES-256 have "
    "the strength of 128 bits.",
    bad="createCipheriv('aes-256-gcm', '9e107d9d372bb6826bd81d3542a419d6', iv)",
    good="createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), iv)",
)
WEAK = Rule(
    code="key-weak",
    category=Category.KEY,
    severity=Severity.WARNING,
    message="the key in {name} can be guessed: it {reason}",
    remedy="Generate a key with `assay key generate {key}`, and re-encrypt what the old one "
    "encrypted.",
    why="Length doesn't help if the bytes follow a pattern or a word: a search finds them.",
    bad="KEY=000102030405060708090a0b0c0d0e0f",
    good="KEY=<openssl rand -hex 16>",
)
UNDERIVABLE = Rule(
    code="key-underivable",
    category=Category.KEY,
    message="the key {key} can't be derived from {name}: {reason}",
    remedy="Set the salt that {key} is derived with, in the encoding that the spec declares.",
    why="Without its salt a derivation gives a different key, or none.",
)
REFUSED = Rule(
    code="key-refused",
    category=Category.KEY,
    message="{cipher} refuses the key in {name}: it {reason}",
    remedy=_AGAIN,
    why="What is signed or encrypted with it can't be verified or decrypted again.",
)
MISMATCH = Rule(
    code="key-mismatch",
    category=Category.KEY,
    message="{name} is not the key that {key} has in {environment}",
    messages={
        "of-other-environment": "{name} is the key that {key} has in {other}, not in {environment}",
    },
    remedy="Set {name} to the key whose check value is in the spec; don't encrypt anything with "
    "this one. If the key was replaced on purpose, put the new check value into the spec: `assay "
    "key show {key}` prints it.",
    why="What was encrypted with the right key can't be decrypted, and what is encrypted with this "
    "one is lost once the right one is back.",
    bad="the key of development in production",
    good="the key whose check value is in the spec",
)
ELSEWHERE = Rule(
    code="key-in-other-variable",
    category=Category.KEY,
    message="the key that {key} needs in {environment} is in {other}, not in {name}",
    remedy="Swap {other} and {name}, or correct `check-value` and `sealed` of {key} after a "
    "rotation.",
    why="The application encrypts with one key, but its rows need the other.",
    bad="KEY=<old key>, KEY_OLD=<new key>",
    good="KEY=<new key>, KEY_OLD=<old key>",
)
MISREAD = Rule(
    code="key-misread",
    formerly=("key-other-reading",),
    category=Category.KEY,
    message="{proof} was encrypted with {reading}, but the spec reads {name} differently",
    messages={
        "check-value": "the check value in the spec is that of {reading}, but the spec reads "
        "{name} differently",
    },
    remedy="Make the spec of {key} say how the application derives its key, which is {reading}; or "
    "fix the application and encrypt again.",
    remedies={
        "unset": "Set {name} to a real key and re-encrypt everything: anyone who knows of this "
        "fault can decrypt it.",
    },
    why="The application needs the key as it was when it encrypted, and both readings of the text "
    "look like a valid key.",
    bad="encoding: utf8, but the rows were encrypted with Buffer.from(key, 'hex')",
    good="encoding: hex",
)
UNOPENED = Rule(
    code="key-cannot-decrypt",
    formerly=("key-opens-nothing",),
    category=Category.KEY,
    message="{name} can't decrypt {proof} of {key}, however it is read",
    remedy="Set {name} to the key that encrypted it; don't encrypt anything with this one. If the "
    "key was replaced on purpose, encrypt the text again. If the application can decrypt it, check "
    "whether the copy in the spec is damaged.",
    why="The key differs from the one that the application's data was encrypted with.",
)
WRONG_PLAINTEXT = Rule(
    code="key-wrong-plaintext",
    formerly=("key-opens-otherwise",),
    category=Category.KEY,
    message="{name} decrypts {proof} of {key}, but not to the plaintext in the spec",
    remedy="Correct `plaintext` in the spec: the cipher has proven that the key is right.",
    why="A known answer that is itself wrong proves nothing about the next key.",
)

RULES = (
    WRONG_ENCODING,
    PADDING,
    PREFIX,
    PASSPHRASE,
    TRUNCATED,
    DOUBLED,
    WRONG_LENGTH,
    MALFORMED,
    HEX_AS_TEXT,
    WEAK,
    UNDERIVABLE,
    REFUSED,
    MISMATCH,
    ELSEWHERE,
    MISREAD,
    UNOPENED,
    WRONG_PLAINTEXT,
)
