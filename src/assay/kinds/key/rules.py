"""What can be wrong with a key."""

from __future__ import annotations

from assay.model import Category, Rule, Severity

WRONG_ENCODING = Rule(
    code="key-wrong-encoding",
    category=Category.KEY,
    message="{name} is {found}, the spec says {declared}: {so} it gives the {need} that {cipher} "
    "needs{node}",
    remedy="{step}",
    why="Read the declared way it gives other bytes, or none: nothing that was sealed before "
    "opens, and what is sealed now opens nowhere else.",
    bad="KEY=(44 characters of base64 where the application reads hex)",
    good="KEY=(64 hex digits)",
)
PADDING = Rule(
    code="key-padding-lost",
    category=Category.KEY,
    message="{name} lost the = signs at its end: expected {declared} with padding{node}",
    remedy="Add the = signs to the end of {name}, up to a multiple of four characters; or set "
    "`decoder: node` for {key} where Node reads it.",
    why="Python, Java and Go raise an error. Forms and scripts that split at = drop the signs.",
    bad="KEY=q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
    good="KEY=q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
)
PREFIX = Rule(
    code="key-prefix-missing",
    category=Category.KEY,
    message="{name} does not begin with {prefix}, which the application takes off",
    remedy="Put {prefix} before the key in {name}, or remove `prefix` from {key}.",
    why="The application cuts off so many characters of the key itself, or refuses to start.",
    bad="APP_KEY=q83vEjRW...",
    good="APP_KEY=base64:q83vEjRW...",
)
PASSPHRASE = Rule(
    code="key-passphrase",
    category=Category.KEY,
    message="{name} is a passphrase: expected a random key in {declared}{node}",
    remedy="Generate a key with `assay key generate {key}`; where the application derives its key "
    "from a passphrase, say so with `encoding: utf8` and `derive`. What an earlier key sealed "
    "can't be opened with a new one.",
    why="No decoder makes a key of it; an application that pads or cuts it has a key that a list "
    "of words opens.",
    bad="KEY=correct horse battery staple",
    good="KEY=<openssl rand -hex 32>",
)
TRUNCATED = Rule(
    code="key-truncated",
    category=Category.KEY,
    message="{name} ends in the middle of a byte: {reason}{node}",
    remedy="Copy {name} again, whole, from where the key is kept.",
    why="A character was lost or added on the way. Strict decoders raise an error; Node drops the "
    "rest and goes on with another key.",
    bad="KEY=(63 hex digits)",
    good="KEY=(64 hex digits)",
)
DOUBLED = Rule(
    code="key-doubled",
    category=Category.KEY,
    message="{name} holds its key twice, one behind the other",
    remedy="Remove one of the two halves of {name}.",
    why="It was pasted twice, and is too long for the cipher now.",
    bad="KEY=<key><key>",
    good="KEY=<key>",
)
WRONG_LENGTH = Rule(
    code="key-wrong-length",
    category=Category.KEY,
    message="{name} is too {short} for {cipher}, which needs {need} in {declared}{hint}",
    remedy="Copy {name} again, whole, or correct the cipher of {key} in the spec; a new key comes "
    "from `assay key generate {key}`.",
    why="Ciphers refuse a key of another length, and an application that pads or cuts it weakens "
    "it without a word.",
    bad="KEY=<openssl rand -hex 16> for aes-256-gcm",
    good="KEY=<openssl rand -hex 32> for aes-256-gcm",
)
MALFORMED = Rule(
    code="key-malformed",
    category=Category.KEY,
    message="{name} makes no key: it {reason}{node}",
    remedy="Copy {name} again, whole, from where the key is kept.",
    why="Strict decoders raise an error; Node's go on with another, shorter key.",
    bad="KEY=7a3e153e!bf5a4bd8...",
    good="KEY=7a3e153ebf5a4bd8...",
)
HEX_AS_TEXT = Rule(
    code="key-hex-as-text",
    category=Category.KEY,
    severity=Severity.WARNING,
    message="{name} is made of hex digits and read as {declared}: the key is weaker than it is "
    "long",
    remedy="Where the application decodes hex, set `encoding: hex` for {key}; otherwise replace "
    "the key by a random one in {declared} when it is rotated next.",
    why="A hex digit holds 4 bits and fills 8 as text: 32 digits used as a key for AES-256 have "
    "the strength of 128 bits.",
    bad="createCipheriv('aes-256-gcm', '9e107d9d372bb6826bd81d3542a419d6', iv)",
    good="createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), iv)",
)
WEAK = Rule(
    code="key-weak",
    category=Category.KEY,
    severity=Severity.WARNING,
    message="the key in {name} can be guessed: it {reason}",
    remedy="Generate a key with `assay key generate {key}`, and seal again what the old one "
    "sealed.",
    why="Its length says nothing where its bytes follow a rule or a word: a search finds it.",
    bad="KEY=000102030405060708090a0b0c0d0e0f",
    good="KEY=<openssl rand -hex 16>",
)
UNDERIVABLE = Rule(
    code="key-underivable",
    category=Category.KEY,
    message="the key {key} can't be made of {name}: {reason}",
    remedy="Set the salt that {key} is derived with, in the encoding that the spec says.",
    why="Without its salt a derivation gives another key, or none.",
)
REFUSED = Rule(
    code="key-refused",
    category=Category.KEY,
    message="{cipher} does not take the key in {name}: it {reason}",
    remedy="Copy {name} again, whole, from where the key is kept.",
    why="What is signed or sealed with it can't be verified or opened again.",
)
MISMATCH = Rule(
    code="key-mismatch",
    category=Category.KEY,
    message="{name} holds another key than {key} has in {environment}{whose}",
    remedy="Set {name} to the key whose check value the spec names; don't encrypt anything with "
    "this one. If the key was replaced on purpose, put the new check value into the spec: `assay "
    "key show {key}`.",
    why="Nothing that was sealed with the right key opens, and what is sealed with this one is "
    "lost once the right one is back.",
    bad="the key of development in production",
    good="the key whose check value the spec names",
)
ELSEWHERE = Rule(
    code="key-in-other-variable",
    category=Category.KEY,
    message="the key that {key} needs in {environment} is in {other}, not in {name}",
    remedy="Exchange {other} and {name}, or correct `check-value` and `sealed` of {key} after a "
    "rotation.",
    why="The application seals with one key and its rows need another.",
    bad="KEY=<old key>, KEY_OLD=<new key>",
    good="KEY=<new key>, KEY_OLD=<old key>",
)
OTHER_READING = Rule(
    code="key-other-reading",
    category=Category.KEY,
    message="{fact} {words}; the spec reads {name} otherwise",
    remedy="{step}",
    why="What was sealed needs the key as it was then; both readings of the same text look like a "
    "good key.",
    bad="encoding: utf8, while the rows were sealed with Buffer.from(key, 'hex')",
    good="encoding: hex",
)
UNOPENED = Rule(
    code="key-opens-nothing",
    category=Category.KEY,
    message="{name} does not open {proof} of {key}, nor does any other reading of it",
    remedy="Set {name} to the key that sealed it; don't encrypt anything with this one. If the key "
    "was replaced on purpose, seal the text anew; if it opens in the application, see whether the "
    "spec's copy of the text is damaged.",
    why="The key is another one than the one that the application's data was sealed with.",
)
OPENS_OTHER = Rule(
    code="key-opens-otherwise",
    category=Category.KEY,
    message="{name} opens {proof} of {key}, but not to the plaintext that the spec gives",
    remedy="Correct `plaintext` in the spec: the cipher has proved that the key is right.",
    why="A known answer that is wrong itself proves nothing about the next key.",
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
    OTHER_READING,
    UNOPENED,
    OPENS_OTHER,
)
