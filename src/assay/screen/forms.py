"""The forms of values that the screen can recognise; `assay.formats.base` defines them.

Each function takes all values of one form at once and accepts them only if every one is good.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_LABEL = _LETTERS + _DIGITS + "-"
_URL_REST = _LETTERS + _DIGITS + "-._~/?=&+,:@#"
_MAILBOX = _LETTERS + _DIGITS + "._+-"
_BASE64 = _LETTERS + _DIGITS + "+/"


def _any(_values: "Sequence[str]") -> bool:
    return True


def _length(values: "Sequence[str]", least: int, most: "int | None") -> bool:
    sizes = [len(value) for value in values]
    return min(sizes) >= least and (most is None or max(sizes) <= most)


def _chars(values: "Sequence[str]", allowed: str, least: int, most: "int | None") -> bool:
    return _length(values, least, most) and _made_of("".join(values), allowed)


def _made_of(text: str, allowed: str) -> bool:
    """Whether each character of a text is an allowed ASCII one."""
    return text.isascii() and not text.encode().translate(None, allowed.encode())


def _one_of(values: "Sequence[str]", options: "Sequence[str]") -> bool:
    return set(values) <= set(options)


def _integer(values: "Sequence[str]", least: "int | None", most: "int | None") -> bool:
    text = "".join([value[1:] if value[:1] == "-" else value for value in values])
    if not (text.isascii() and text.isdigit()) or max([len(value) for value in values]) > 18:
        return False
    if "" in values or "-" in values:
        return False
    numbers = [int(value) for value in values]
    return (least is None or min(numbers) >= least) and (most is None or max(numbers) <= most)


def _match(values: "Sequence[str]", pattern: str) -> bool:
    import re2

    matches = re2.compile(pattern).fullmatch
    return all(map(matches, values))


def _url(values: "Sequence[str]", schemes: "Sequence[str]") -> bool:
    for value in values:
        scheme, found, rest = value.partition("://")
        if not found or scheme not in schemes or not _made_of(rest, _URL_REST):
            return False
        if rest.count("#") > 1:
            return False
        authority = rest
        for mark in "/?#":
            authority = authority.partition(mark)[0]
        name, colon, port = authority.partition(":")
        if not _is_host(name):
            return False
        if colon and not (port.isdigit() and port[0] != "0" and int(port[:6]) <= 65535):
            return False
    return True


def _host(values: "Sequence[str]") -> bool:
    return all(map(_is_host, values))


def _is_host(name: str) -> bool:
    if len(name) > 253 or not _made_of(name.replace(".", ""), _LABEL):
        return False
    labels = name.split(".")
    for label in labels:
        if not label or len(label) > 63 or label[0] == "-" or label[-1] == "-":
            return False
    if labels[-1].isdigit():
        return len(labels) == 4 and all(map(_is_octet, labels))
    return True


def _is_octet(text: str) -> bool:
    return text.isdigit() and int(text[:4]) < 256 and str(int(text[:4])) == text


def _email(values: "Sequence[str]") -> bool:
    for value in values:
        mailbox, _, host = value.partition("@")
        if not mailbox or len(mailbox) > 64 or not _made_of(mailbox, _MAILBOX):
            return False
        if mailbox[0] == "." or mailbox[-1] == "." or ".." in mailbox:
            return False
        if "." not in host or not _is_host(host) or host[-1].isdigit() or len(value) > 254:
            return False
    return True


def _base64(values: "Sequence[str]", size: "int | None") -> bool:
    from binascii import a2b_base64, b2a_base64

    for value in values:
        if len(value) % 4 or not _made_of(value.rstrip("="), _BASE64):
            return False
        decoded = a2b_base64(value)
        if b2a_base64(decoded, newline=False).decode() != value:
            return False
        if size is not None and len(decoded) != size:
            return False
    return True


FORMS: "dict[str, Callable[..., bool]]" = {
    "any": _any,
    "base64": _base64,
    "chars": _chars,
    "email": _email,
    "host": _host,
    "integer": _integer,
    "length": _length,
    "match": _match,
    "one-of": _one_of,
    "url": _url,
}
