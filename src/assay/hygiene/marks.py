"""Texts that hold a secret though nobody declared them so: by their form, or by their look."""

from __future__ import annotations

import re

from assay.hygiene.sounds import sounds_secret

_FORMS = re.compile(
    r"://(?:hooks\.slack\.com/(?:services|workflows|triggers)/."
    r"|(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/."
    r"|(?:[\w-]+\.)?webhook\.office\.com/.|outlook\.office(?:365)?\.com/webhook/."
    r"|hooks\.zapier\.com/hooks/.|hook\.[\w.]*make\.com/.|api\.telegram\.org/(?:file/)?bot."
    r"|maker\.ifttt\.com/.|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/."
    r"|[\w.:-]+/(?:hooks|webhooks?)/[\w-]{16,})"
    r"|(?:passw(?:or)?d|pwd|passphrase|accountkey|sharedaccesskey)\s?=\s?[^\s;&]"
    r"|(?:password|passwd|secret|token|api_?key)[\"']\s*:\s*[\"'][^\"']",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(?!mailto:|npm:|sips?:|acct:|xmpp:)[\w.%+-]*:[^\s/:@]+@(?!sha256:)[\w\[]")
_PARAMETER = re.compile(r"[?&#;]([\w.-]+)=([^&#;\s]+)")
_RUN = re.compile(r"[A-Za-z0-9+=]{16,}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-")
_PASSWORD = 8
"""Characters. What is shorter is likelier to be a slip than a password."""
_DISTINCT = 8


def holds_secret(value: str) -> bool:
    """Whether a text has a secret in it: a webhook, a password, a token after a `?`."""
    if _FORMS.search(value) or _LOGIN.match(value):
        return True
    return any(
        sounds_secret(name)
        or name.lower().startswith("x-amz-")
        or ("://" in value and looks_random(text))
        for name, text in _PARAMETER.findall(value)
    )


def looks_random(value: str) -> bool:
    """Whether a text looks like a key or a password: cheap, and wrong rather than talkative.

    To be asked of values that are not what they should be. Slips like `80800`, `eighty` and
    `prodution` help whoever reads them; a key that was pasted in the wrong place helps others.
    """
    return any(map(_random, value.split()))


def looks_chosen(value: str) -> bool:
    """Whether a value looks like a password that a person chose: `hunter2`, `plum-otter-dusk`.

    To be asked of values that are not what they should be. Numbers with a unit aren't, and a single
    word can't be told from an option.
    """
    if _CHOSEN.fullmatch(value):
        return True
    words = re.split(r"[\s_.-]+", value)
    return len(words) > 2 and all(word.isalpha() and len(word) > 2 for word in words)


_CHOSEN = re.compile(r"(?=.*\d)[^\W\d_]\w{4,}[!@#$%&*?^~]?\w{0,2}")


def _random(word: str) -> bool:
    if len(word) < _PASSWORD:
        return False
    lower, upper = any(map(str.islower, word)), any(map(str.isupper, word))
    digit = any(map(str.isdigit, word))
    if lower and upper and (digit or (len(word) >= 16 and _mingled(word))):
        return True
    if digit and (lower or upper) and any(c in word for c in "!$^~"):
        return True
    joined = word.replace("-", "") if _UUID.match(word) else word
    return digit and any(
        len(set(run)) >= _DISTINCT and not run.isdigit() and not run.isalpha()
        for run in _RUN.findall(joined)
    )


def _mingled(word: str) -> bool:
    """Whether capitals stand where no word and no name has them."""
    return len(re.findall("[a-z][A-Z]|[A-Z]{2}[a-z]", word)) * 8 >= len(word)
