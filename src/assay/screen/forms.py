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
_CREDENTIALS = _LETTERS + _DIGITS + "._~:-"
_QUERY = _LETTERS + _DIGITS + "_.=&-"
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
    text = "".join(values)
    if not (text.isascii() and text.isdigit()):
        digits = [value[1:] if value[:1] == "-" else value for value in values]
        if not text.isascii() or not all(map(str.isdigit, digits)):
            return False
    if max(map(len, values)) > 18:
        return False
    numbers = list(map(int, values))
    return (least is None or min(numbers) >= least) and (most is None or max(numbers) <= most)


def _match(values: "Sequence[str]", pattern: str) -> bool:
    import re2

    matches = re2.compile(pattern).fullmatch
    return all(map(matches, values))


def _uuid(values: "Sequence[str]", versions: str) -> bool:
    if set(map(len, values)) != {36} or not _made_of("".join(values), "0123456789abcdef-"):
        return False
    for value in values:
        if value.count("-") != 4 or value[8] + value[13] + value[18] + value[23] != "----":
            return False
        if value[14] not in versions or value[19] not in "89ab":
            return False
    return True


def _url(values: "Sequence[str]", schemes: "Sequence[str]") -> bool:
    rests = _without_scheme(values, schemes)
    text = "".join(rests)
    if len(rests) != len(values) or not _made_of(text, _URL_REST):
        return False
    if "#" in text:
        if max([rest.count("#") for rest in rests]) > 1:
            return False
        rests = [rest.partition("#")[0] for rest in rests]
    if "?" in text:
        rests = [rest.partition("?")[0] for rest in rests]
    hosts = [rest.partition("/")[0] for rest in rests]
    if ":" in "".join(hosts):
        ends = [host.partition(":") for host in hosts]
        hosts = [host for host, _, _ in ends]
        if not all(map(_is_port, [port for _, colon, port in ends if colon])):
            return False
    return _host(hosts)


def _without_scheme(values: "Sequence[str]", schemes: "Sequence[str]") -> "list[str]":
    """What follows the scheme; fewer texts than values where one has none of the schemes."""
    if len(schemes) == 1:
        mark = f"\0{schemes[0]}://"
        text = "\0" + "\0".join(values)
        return text.split(mark)[1:] if text.startswith(mark) else []
    rests: list[str] = []
    for scheme in schemes:
        mark = f"{scheme}://"
        size = len(mark)
        rests += [value[size:] for value in values if value.startswith(mark)]
    return rests


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and text[0] != "0" and int(text[:6]) <= 65535


def _host(values: "Sequence[str]") -> bool:
    """All hosts in one pass: as one long name, in which no label may be bad."""
    text = ".".join(values)
    labels = text.split(".")
    if not _made_of(text, _LABEL + ".") or max(map(len, values)) > 253:
        return False
    if "" in labels or max(map(len, labels)) > 63:
        return False
    if "-" in text and (".-" in text or "-." in text or text[0] == "-" or text[-1] == "-"):
        return False
    return all(map(_is_address, [value for value in values if value[-1].isdigit()]))


def _is_address(host: str) -> bool:
    """Whether a host whose last label may be a number is a name after all, or an IPv4 address."""
    labels = host.split(".")
    return not labels[-1].isdigit() or (len(labels) == 4 and all(map(_is_octet, labels)))


def _is_octet(text: str) -> bool:
    return text.isdigit() and int(text[:4]) < 256 and str(int(text[:4])) == text


def _email(values: "Sequence[str]") -> bool:
    hosts = []
    for value in values:
        mailbox, _, host = value.partition("@")
        if not mailbox or mailbox[0] == "." or mailbox[-1] == "." or ".." in mailbox:
            return False
        if len(mailbox) > 64 or len(value) > 254 or "." not in host or host[-1].isdigit():
            return False
        hosts.append(host)
    return _made_of("".join(values), _MAILBOX + "@") and _host(hosts)


def _quantity(values: "Sequence[str]", units: "Sequence[str]") -> bool:
    for value in values:
        number = value.rstrip(_LETTERS)
        if not (number.isascii() and number.isdigit()) or len(number) > 9:
            return False
        if value[len(number) :] not in units:
            return False
    return True


def _connection(
    values: "Sequence[str]",
    schemes: "Sequence[str]",
    path: str,
    needed: bool,
    strict: "tuple[tuple[str, ...], Sequence[str]]",
) -> bool:
    hosts = []
    domains, safe = strict
    for value in values:
        scheme, _, rest = value.partition("://")
        address, question, query = rest.partition("?")
        authority, _, name = address.partition("/")
        credentials, _, place = authority.rpartition("@")
        host, colon, port = place.partition(":")
        if scheme not in schemes or not _made_of(credentials, _CREDENTIALS):
            return False
        if credentials.endswith(":PASSWORD") or "your" in credentials.lower():
            return False
        if (question and not _made_of(query, _QUERY)) or (needed and not name):
            return False
        if colon and (scheme.endswith("+srv") or not _is_port(port)):
            return False
        if not host or not _is_path(name, path):
            return False
        if host.lower().endswith(domains) and (
            scheme not in safe
            or "ssl" in query.lower()
            or "tls" in query.lower()
            or not _pooled(credentials, host)
        ):
            return False
        hosts.append(host)
    return _host(hosts)


def _pooled(credentials: str, host: str) -> bool:
    """Whether a user says which project is meant, where many share a pooler."""
    return ".pooler." not in host.lower() or "." in credentials.partition(":")[0]


def _is_path(name: str, form: str) -> bool:
    if form == "number":
        return not name or (name.isascii() and name.isdigit() and len(name) < 6)
    if form == "nothing":
        return not name
    return _made_of(name, _LABEL + ("_/" if form == "segments" else "_"))


def _base64(values: "Sequence[str]", size: "int | None") -> bool:
    if not _made_of("".join(values), _BASE64 + "="):
        return False
    for value in values:
        digits = value.rstrip("=")
        padding = len(value) - len(digits)
        # the bits that the last digit has too many are zero (RFC 4648, section 3.5)
        if len(value) % 4 or "=" in digits or not digits or padding > 2:
            return False
        if padding and digits[-1] not in ("AEIMQUYcgkosw048" if padding == 1 else "AQgw"):
            return False
        if size is not None and len(value) // 4 * 3 - padding != size:
            return False
    return True


FORMS: "dict[str, Callable[..., bool]]" = {
    "any": _any,
    "base64": _base64,
    "chars": _chars,
    "connection": _connection,
    "email": _email,
    "host": _host,
    "integer": _integer,
    "length": _length,
    "match": _match,
    "one-of": _one_of,
    "quantity": _quantity,
    "url": _url,
    "uuid": _uuid,
}
