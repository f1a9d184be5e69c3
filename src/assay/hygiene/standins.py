"""Values that stand in for a real one: placeholders, published samples, references, masks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypedDict

from assay.hygiene.lists import (
    CIPHERTEXTS,
    COMMANDS,
    PLACEHOLDER_STARTS,
    PLACEHOLDERS,
    PUBLISHED,
    REDACTED_STARTS,
    REDACTIONS,
    REFERENCES,
    SECRET_FILES,
    SENSITIVE,
    UNSET_LITERALS,
    other_vendor,
)
from assay.model import Category, Rule, Violation


class Remedies(TypedDict):
    """What a rule takes for its remedies."""

    remedy: str
    remedies: Mapping[str, str]


def obtaining(sentence: str, *, exists: bool = False, library: str = "") -> Remedies:
    """Remedies of which each is `sentence`, with `[]` for where a value comes from.

    A secret that `exists` somewhere must not be replaced with a new one. What assay's own library
    declares can't be edited there, so it may have a remedy of its own.
    """
    generated = "" if exists else " (make one with `{command}`)"
    return Remedies(
        remedy=sentence.replace("[]", ""),
        remedies={
            "obtain": sentence.replace("[]", " (get it here: {obtain})"),
            "generate": sentence.replace("[]", generated),
            "issued": sentence.replace(
                "[]", " (get it where it is issued, and say where under `obtain` in the spec)"
            ),
            **({"library": library} if library else {}),
        },
    )


UNSET_LITERAL = Rule(
    code="variable-unset-literal",
    category=Category.MISSING,
    message="{name} is the text {literal}, which a script wrote because something was unset",
    remedy="Set {name} to its real value, and fix the script that wrote {literal}.",
    why="The application uses the word as the value: it logs in as `undefined`, or encrypts rows "
    "with it.",
    bad="API_KEY=undefined",
    good="API_KEY=<the key>",
)
TEMPLATE = Rule(
    code="variable-unrendered",
    category=Category.MISSING,
    message="{name} is a template that was never filled in",
    remedy="Render the template before it is deployed, or set {name} to its real value.",
    why="The deployment step that replaces `${NAME}` or `{{ name }}` did not run, or did not know "
    "the name, so the program gets the template.",
    bad="API_KEY={{ api_key }}",
    good="API_KEY=<the key>",
)
PLACEHOLDER = Rule(
    code="variable-placeholder",
    category=Category.MISSING,
    message="{name} is still a placeholder",
    **obtaining("Replace the placeholder in {name} with a real value[]."),
    why="An example was copied and never filled in, so the program starts and then fails at first "
    "use.",
    bad="API_KEY=changeme",
    good="API_KEY=<the key>",
)
EXAMPLE = Rule(
    code="variable-example",
    category=Category.MISSING,
    message="{name} is the example from its own documentation",
    **obtaining("Replace the example in {name} with a real value[]."),
    why="Everyone can read the example, and it belongs to nobody's account, so it protects "
    "nothing and opens nothing.",
    bad="API_KEY=<the value of `example:`>",
    good="API_KEY=<the key>",
)
REPEATED = Rule(
    code="variable-repeated-character",
    category=Category.MISSING,
    message="{name} repeats a single character",
    **obtaining("Replace {name} with a real value[]."),
    why="It stands in for a value that was never filled in, and anyone can guess it.",
    bad="KEY=0000000000000000",
    good="KEY=<openssl rand -hex 16>",
    formerly=("variable-repeated",),
)
KNOWN = Rule(
    code="variable-published",
    category=Category.SECRET,
    message="{name} is a value published in {origin}, but {environment} is live",
    **obtaining("Set {name} to the value issued for your own live account[]."),
    why="Everyone knows a published test value: in production it doesn't work, or it lets anyone "
    "in.",
    bad="MPESA_SHORTCODE=174379 in production",
    good="MPESA_SHORTCODE=<your own shortcode>",
)

_ENCRYPTED = tuple(CIPHERTEXTS.values())
UNRESOLVED = Rule(
    code="variable-unresolved",
    category=Category.MISSING,
    message="{name} is {what}, not the secret itself",
    remedy="Make the application read the file, or put the value itself in {name}.",
    messages={what: f"{{name}} is {what}, not the value itself" for what, _ in _ENCRYPTED},
    remedies={
        what: f"{step}; or put the value itself in {{name}}."
        for what, step in (*REFERENCES.values(), *_ENCRYPTED)
    },
    why="The tool that replaces the reference with the secret did not run, so the program uses "
    "the reference as if it were the secret.",
    bad="API_KEY=op://vault/item/key",
    good="op run --env-file .env -- npm start",
)
REDACTED = Rule(
    code="variable-redacted",
    category=Category.MISSING,
    message="{name} is the mask that {tool} shows instead of a secret",
    messages={
        "sensitive": "{name} is the mask that `vercel env pull` writes for a sensitive value, "
        "which Vercel never gives back"
    },
    **obtaining("Replace the mask in {name} with the value itself[].", exists=True),
    why="The value was copied from an output that hides secrets, so the program gets the mask "
    "instead of the secret.",
    bad="API_KEY=[REDACTED]",
    good="API_KEY=<the key>",
)

COMMAND = Rule(
    code="variable-command",
    category=Category.MISSING,
    message="{name} contains a shell command that nothing ran",
    remedy="Run the command in a shell, and set {name} to what it prints.",
    why="Only a shell runs commands. dotenv, python-dotenv and Docker Compose take their text for "
    "the value, so everybody who copies the file has the same secret.",
    bad="SESSION_SECRET=$(openssl rand -hex 32)",
    good="SESSION_SECRET=<what `openssl rand -hex 32` prints>",
)
OTHER_VENDOR = Rule(
    code="variable-other-vendor",
    category=Category.SECRET,
    message="{name} is a key of {found}: expected one of {asked}",
    remedy="Set {name} to the key that {asked} issued; if the variable for {found} lacks its key, "
    "move this one there.",
    why="Each service knows only the keys that it issued, and answers 401 to any other.",
    bad="RESEND_API_KEY=sk_live_...",
    good="RESEND_API_KEY=re_...",
)

RULES = (
    *(UNSET_LITERAL, TEMPLATE, PLACEHOLDER, EXAMPLE, REPEATED, KNOWN, UNRESOLVED, REDACTED),
    *(COMMAND, OTHER_VENDOR),
)


NOTHING_IN_LARAVEL = frozenset(("null", "(null)", "empty", "(empty)"))
"""What Laravel's `env()` takes for nothing, and new projects set, by
github.com/illuminate/support/blob/master/Env.php."""


def stand_in(value: str, *, secret: bool) -> Iterator[Violation]:
    """The kind of stand-in that `value` is, if any."""
    if value == SENSITIVE:
        yield REDACTED.violated(case="sensitive")
    elif value in UNSET_LITERALS:
        yield UNSET_LITERAL.violated(literal=f'"{value}"')
    elif _holds_command(value, secret=secret):
        yield COMMAND.violated()
    elif is_template(value) or (secret and _BARE.fullmatch(value)):
        yield TEMPLATE.violated()
    elif is_placeholder(value):
        yield PLACEHOLDER.violated()
    elif secret and len(value) > 3 and value == value[0] * len(value) and value[0] not in "*•●":
        yield REPEATED.violated()


def of_other_vendor(name: str, value: str) -> Iterator[Violation]:
    """That the service that issued a secret is not the one in its name."""
    found, asked = other_vendor(name, value)
    if found:
        yield OTHER_VENDOR.violated(found=found, asked=asked)


def published(value: str, *, environment: str) -> Iterator[Violation]:
    """That anyone can look `value` up; to be asked of live environments."""
    origin = PUBLISHED.get(value)
    if origin is not None:
        yield KNOWN.violated(origin=origin, environment=environment)


def _holds_command(value: str, *, secret: bool) -> bool:
    """Whether `value` is a substitution that a shell would make; a secret may just contain one."""
    if secret:
        return _COMMAND.search(value) is not None or value.startswith(COMMANDS)
    return value.startswith(("$(", "`")) and _COMMAND.fullmatch(value) is not None


def is_template(value: str) -> bool:
    """Whether the whole value is one reference: `${NAME}`, `$(NAME)`, `{{ name }}`, `%NAME%`."""
    return _TEMPLATE.fullmatch(value) is not None


def is_placeholder(value: str) -> bool:
    """Whether a person left this text to be replaced: `changeme`, `your-key-here`, `<token>`."""
    text = value.lower().replace("_", "-").replace(" ", "-")
    if text in PLACEHOLDERS:
        return True
    if not text.startswith(PLACEHOLDER_STARTS):
        return False
    if text[0] == "<":
        return text[-1] == ">" and "<" not in text[1:] and "\n" not in text
    words = [word for word in text.strip("[]{}").replace(":", "-").split("-") if word]
    if text.startswith("xxx"):
        return not text.strip("x-.")
    if text.startswith(_VERBS) and not (words[0] in _VERBS and _OBJECTS.intersection(words[1:2])):
        return False
    return len(text) < 60 and all(map(str.isalpha, words))


_NAME = r"\s*[A-Za-z0-9_.-]+\s*"
_TEMPLATE = re.compile(
    rf"\$\{{\{{.*\}}\}}|\$\{{[A-Za-z0-9_.-]+:[-?+].*\}}|\$\{{{_NAME}\}}|\{{\{{{_NAME}\}}\}}"
    rf"|\$\({_NAME}\)|<%={_NAME}%>|%{_NAME}%",
    re.DOTALL,
)
_COMMAND = re.compile(
    r"\$\(\s*[a-z][\w./+-]*\s.*\)|\$\((?:date|hostname|pwd|uuidgen|whoami)\)"
    r"|`(?:[a-z][\w./+-]*\s+[-+/\w].*|date|hostname|pwd|uuidgen|whoami)`",
    re.DOTALL,
)
"""`$(openssl rand -hex 32)`, or the same in backticks."""
_BARE = re.compile(r"\$(?=[0-9_]*[A-Z])[A-Z_][A-Z0-9_]*")
"""`$NAME`, in capitals as variables of the environment are."""
_VERBS = ("insert", "paste", "replace", "todo")
_OBJECTS = frozenset(
    (
        *("a", "add", "by", "change", "enter", "fill", "here", "in", "it", "key", "me", "my"),
        *("real", "replace", "secret", "set", "the", "this", "token", "value", "with", "your"),
    )
)
"""What follows these verbs in a placeholder; `todo-api` and `replace-all` are real values."""


def encrypted(name: str, value: str) -> Iterator[Violation]:
    """That a tool has encrypted `value`; but a name may say that the application decrypts it."""
    found = _CIPHERTEXT.match(value)
    if found is not None and not name.endswith(_ENCRYPTED_NAMES):
        what = next(what for start, (what, _) in CIPHERTEXTS.items() if value.startswith(start))
        yield UNRESOLVED.violated(case=what)


_CIPHERTEXT = re.compile(
    r"encrypted:[A-Za-z0-9+/]{40}|ENC\[AES256_GCM,data:|(?:vault|enc):v[0-9]+:[A-Za-z0-9+/=_-]{8}"
    r"|\$ANSIBLE_VAULT;[0-9]"
)
_ENCRYPTED_NAMES = ("CIPHERTEXT", "ENC", "ENCRYPTED", "SEALED", "WRAPPED")


def instead_of_secret(name: str, value: str, *, kept: bool) -> Iterator[Violation]:
    """What stands in a secret's place; `kept` where a key, not any text, is expected there."""
    mark = value.lower().replace("_", "-").replace(" ", "-")
    row = REDACTED_STARTS.get(value[:3], "") if len(set(value)) == 1 else ""
    if tool := REDACTIONS.get(mark, row):
        yield REDACTED.violated(tool=tool)
        return
    for start, (what, _) in REFERENCES.items():
        if value.startswith(start) and _stands_for_secret(name, value):
            yield UNRESOLVED.violated(case=what, what=what)
            return
    if kept and value.startswith(SECRET_FILES) and not name.endswith(_NAMES_OF_FILES):
        yield UNRESOLVED.violated(what="the path of a secret file")


def _stands_for_secret(name: str, value: str) -> bool:
    """Whether nobody asked for a reference, and a resource that is named is a secret."""
    if not value.startswith(("arn:", "projects/")):
        return not name.endswith(("REF", "REFERENCE"))
    return _RESOURCE.match(value) is not None and not name.endswith(_NAMES_OF_RESOURCES)


_RESOURCE = re.compile(r"arn:[a-z-]+:(?:secretsmanager|ssm):|projects/[^/]+/secrets/[^/]+")
_NAMES_OF_RESOURCES = ("ARN", "ID", "NAME", "PATH", "REF", "REFERENCE", "RESOURCE")
_NAMES_OF_FILES = ("DIR", "FILE", "LOCATION", "PATH")
