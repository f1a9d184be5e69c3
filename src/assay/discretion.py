"""Texts that people wrote may hold a secret where a name belongs: what looks like one is bullets.

Findings and errors are made of such texts: of names in specs, of arguments, of what a message
quotes. This looks at each as it is made. It knows no value, so it goes by the look: the marks that
issuers give their keys, URLs with a password, and characters in no order. Names made of words,
paths, patterns and conditions stay. So do UUIDs,
host names, publishable keys and other things that are made to be seen: documents are full of them.
"""

from __future__ import annotations

import re

from assay.redacted import BULLETS

LEAST = 8
"""Characters. What is shorter can't be told from a word by its look."""
# Those that few texts need are compiled when one does, because every run imports this.
_PEM = r"-----BEGIN [A-Z0-9 ]+-----(?!`)[^`]*?(?:-----END [A-Z0-9 ]+-----|(?=`)|$)"
_LOGIN = (
    r"""[A-Za-z][\w+.:-]{0,40}:/{1,3}[^\s/:@'"`]{0,200}:(?!\d{1,5}(?:[/\s?#,;'"`)]|$))"""
    r"""([^\s@'"`][^\n'"`]{0,300})@[^\s'"`]*"""
)
_PARAMETER = (
    r"""(?i)[?&#;](?:[\w.-]*(?:token|secret|passw(?:or)?d|passphrase|pwd|key|sig|signature|auth|sas))"""
    r"""=([^&#;\s'"`]+)"""
)
_MARKED = re.compile(
    r"""(?<![A-Za-z0-9])(?:
    (?:sk|rk)_(?:live|test)_|sb_secret_|whsec_|gh[oprsu]_|github_pat_|glpat-|gldt-|xapp-|xox[a-z]-
    |sk-(?:[a-z]+-)*(?=[A-Za-z0-9_]{16}|[a-z_-]*[A-Z0-9][\w-]{15})|SG\.(?=[\w-]+\.)|dop_v1_
    |(?:npm|hf|rnd)_(?=[A-Za-z0-9]{10})|pypi-(?=\w{10})|shp(?:at|ca|pa|ss)_|dckr_pat_
    |sq0[a-z]{3}-|AGE-SECRET-KEY-|(?:AKIA|ASIA)(?=[A-Z0-9]{12})|AIza(?=[\w-]{30})|ya29\.|hvs\.
    |pul-(?=[0-9a-f]{10})|EAACEdEose|key-(?=[0-9a-f]{32})|lin_api_|figd_|atlasv1\.|eyJ(?=[\w-]{10})
    |(?:Bearer|Basic)\ (?=[\w+/=.-]{12})(?=[\w+/.-]*[A-Z0-9=])
    )(?P<rest>[^\s'"`]{6,})""",
    re.VERBOSE,
)
_MADE_UP = r"""(?ix)(?:<[^>]*>|\[[a-z_-]+\]|\$?\{\{?[^}]*\}\}?|\$\w+|%\w+%|\*+|x+|\.+|\u2022+|\u2026
    |pass|password|passwd|pwd|pw|secret|your-?password|token|key|value|change-?me)$"""
_RANGES = r"[A-Za-z0-9]-[A-Za-z0-9](?=[\]A-Za-z0-9_+/=.\\-])"
_PUBLIC = r"""(?x)\b(?:
    (?i:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{11,13})
    |\d{8}T\d{6}Z?|P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+[WD])?(?:T(?:\d+[HMS])*)?
    |01[0-9A-HJKMNP-TV-Z]{24}|0x[0-9a-fA-F]{40}
    |(?:acl|ami|eni|fs|i|igw|lt|nat|pcx|rtb|sg|snap|subnet|vol|vpce?)-(?:[0-9a-f]{8}){1,2}[0-9a-f]?
    |pk_(?:live|test)_\w{8,}|sb_publishable_[\w-]+|price_1[A-Za-z0-9]{23}|acct_1[A-Za-z0-9]{15}
    |AAAA(?:[BC]3NzaC1|E2VjZHNh)[A-Za-z0-9+/]*={0,2}
    )(?![\w+/=-])|@sha256:[0-9a-f]{64}\b|(?:(?<=[\w-]/)[\w-]+@|/(?:commit|tree|blob)/)[0-9a-f]{40}\b"""
"""UUIDs, moments, periods, ULIDs, addresses of contracts, resources of AWS, publishable keys, ids
of Stripe, public keys of SSH, digests of images, and commits in actions and URLs."""
_HOST = r"""(?x)(?<![\w.%-])(?!(?:variables|keys|databases|credentials|tables|rules)\.)
    (?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}
    (?:com|net|org|io|co|dev|app|tech|cloud|run|aws|local|internal|info|ai|sh|me|eu|edu|gov
    |example|localhost|test|uk|de|fr|es|it|pt|nl|be|ch|pl|se|dk|fi|us|ca|au|nz|jp|br|ke|tz|ug|rw|ng|gh|za)
    (?![\w@-]|\.\w)"""
"""Host names of a few top-level domains, and no paths of fields in a spec."""
_TERMS = (
    r"AES(?:128|192|256)?|GCM|CBC|HMAC|SHA(?:1|256|384|512)?|RSA|PKCS\d+|PBKDF2|[HRE]S256|UTF8"
    r"|IPv[46]|OAuth2?|JSON|XML|HTTPS?|HTML|UR[LI]s?|API|SQL|DB2?|S3|EC2|K8s|(?<=[a-z])V\d{1,2}$|EU"
    r"|US|UUID|JWKS?|JWT|TLS|SSL|SDK|CDN|DNS|SSH|KMS|IAM|TTL|CORS|CSRF|SMTP|SMS|B2[BC]|C2B|iOS"
    r"|iPhone|TOTP|SSO|SAML|OIDC|IDs?"
)
"""Terms of the trade, which look like disorder within a name of words."""
_CHUNK = re.compile(r"""[^\s`'"()<>{}|,;\[\]\u201c\u201d]{8,}""")
_RUN = re.compile(r"[A-Za-z0-9]{8,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_GROUPS = re.compile(r"[A-Z]+[a-z]*|[a-z]+|[0-9]+")
_MARKS = re.compile(r"(?<=[A-Za-z0-9])[!#%&*@$^~](?=[A-Za-z0-9])")
_SUFFIX = re.compile(r"\.[a-z]{1,5}\d?:?$")
"""At the end of a file's name; no longer than eight characters, and looked for in those alone."""
_OPERATORS = r"[!=<>]=|&&|\|\||@[\w-]+\.[\w.]+|[?*+]\$|\$\{"


def discreet(text: str, *, by_marks: bool = False) -> str:
    """`text` with bullets for whatever looks like a credential.

    `by_marks` leaves alone what is only without order, as the name of a folder may be.
    """
    if len(text) < LEAST:
        return text
    if "-----BEGIN" in text:
        text = re.sub(_PEM, _hidden_pem, text)
    if ":/" in text and "@" in text:
        text = re.sub(_LOGIN, _without_login, text)
    if "=" in text:
        text = re.sub(_PARAMETER, _without_parameter, text)
    text = _MARKED.sub(_without_mark, text)
    return text if by_marks else _CHUNK.sub(_judged, text)


def looks_secret(text: str) -> bool:
    """Whether something in a text looks like a credential."""
    return discreet(text) != text


def _hidden_pem(found: re.Match[str]) -> str:
    public = "CERTIFICATE-----" in found[0] or "PUBLIC KEY-----" in found[0]
    body = found[0].partition("-----BEGIN ")[2].partition("-----")[2].strip(" \n\\nr.")
    return found[0] if public or len(body) < LEAST else BULLETS


def _without_login(found: re.Match[str]) -> str:
    password = found[1]
    capitals = password.isupper() and password.replace("_", "a").isalpha()
    return found[0] if capitals or re.match(_MADE_UP, password) else BULLETS


def _without_parameter(found: re.Match[str]) -> str:
    value = found[1]
    if len(value) < 4 or re.match(_MADE_UP, value) or (value.isupper() and value.isalpha()):
        return found[0]
    return found[0][: -len(value)] + BULLETS


def _without_mark(found: re.Match[str]) -> str:
    rest = found["rest"]
    made_up = (
        re.match(_MADE_UP, rest) or "example" in rest.lower() or set(rest) <= set(".*xX\u2026")
    )
    return found[0] if made_up or rest[0] in "[(\\" else BULLETS


def _judged(found: re.Match[str]) -> str:
    chunk = found[0]
    if chunk.isalpha() and (chunk.islower() or chunk.isupper()) and len(chunk) < 16:
        return chunk
    if not _random(chunk):
        return chunk
    suffix = _SUFFIX.search(chunk, max(0, len(chunk) - 8))
    is_path = chunk.startswith(("/", "./", "../", "~/")) or (
        suffix is not None and "/" in chunk[: suffix.start()]
    )
    if is_path and "://" not in chunk and "=" not in chunk:
        parts = (BULLETS if _random(part) else part for part in chunk.split("/"))
        return "/".join(parts)
    head = re.match(r"[A-Za-z_][A-Za-z_.-]{0,30}[=:](?!/)", chunk)
    lead = head[0] if head and not _random(head[0]) else ""
    tail = chunk[len(chunk.rstrip(".:!?")) :]
    return f"{lead}{BULLETS}{tail}"


def _random(chunk: str) -> bool:
    """Whether characters without any order stand in a text without blanks."""
    if not _disorderly(chunk):
        return False
    bare = re.sub(_HOST, _without_host, re.sub(_PUBLIC, "-", chunk))
    return _disorderly(re.sub(_RANGES, "-", bare))


def _disorderly(chunk: str) -> bool:
    if any(map(_unordered, _RUN.findall(chunk))) or _password(chunk):
        return True
    return any(map(_mingled, _BASE64.findall(chunk)))


def _without_host(found: re.Match[str]) -> str:
    runs = _RUN.findall(found[0])
    return found[0] if any(len(r) > 32 or (len(r) == 32 and _is_hex(r)) for r in runs) else "-"


def _is_hex(run: str) -> bool:
    return not run.lower().strip("0123456789abcdef")


def _unordered(run: str) -> bool:
    """Whether a run of letters and digits is neither words nor a number."""
    if len(set(run)) == 1:
        return False
    if run.isdigit():
        return len(run) >= 20
    if len(run) >= 12 and run != run.lower() and run != run.upper():
        run = re.sub(_TERMS, "", run)
    lower, upper = any(map(str.islower, run)), any(map(str.isupper, run))
    groups = _GROUPS.findall(run)
    numbers = sum(map(str.isdigit, groups))
    if lower and upper:
        if len(run) < 12:
            return numbers > 1 or (numbers > 0 and not _humps(groups, short=0))
        return not (_humps(groups) and _worded(run, least=len(run) / 4 if numbers else 0))
    if not numbers:
        return len(run) >= 16 and not _worded(run, least=len(run) / 4)
    if _is_hex(run):
        return len(run) >= 16
    inner = numbers - groups[0].isdigit() - groups[-1].isdigit()
    if len(run) < 16:
        return len(run) >= 10 and numbers >= 3
    return (inner > 0 or numbers == 2 or len(groups[-1]) > 8) and not _worded(
        run, least=len(run) / 4
    )


def _humps(groups: list[str], short: int | None = None) -> bool:
    """Whether letters of mixed case are words side by side, as in `oauth2TokenUrl`."""
    words = [group for group in groups if not group.isdigit()]
    most = len(words) // 3 if short is None else short
    return len(groups) - len(words) <= 2 and sum(len(word) < 3 for word in words) <= most


def _worded(run: str, *, least: float) -> bool:
    """Whether words make up a run: `least` bits of evidence for them, as far as its shape shows."""
    from assay.wordlike import evidence

    return evidence(run) > least


def _password(chunk: str) -> bool:
    """Whether letters of both cases, digits and marks are mixed as in a generated password."""
    if "://" in chunk or re.search(_OPERATORS, chunk):
        return False
    kinds = (str.islower, str.isupper, str.isdigit)
    return len(_MARKS.findall(chunk)) > 0 and all(any(map(kind, chunk)) for kind in kinds)


def _mingled(text: str) -> bool:
    """Whether a text of the alphabets of base64 changes its kind of character all the time."""
    if not (re.search("[a-z]", text) and re.search("[A-Z]", text) and re.search("[0-9]", text)):
        return False
    return len(_GROUPS.findall(text)) * 10 >= len(text) * 4
