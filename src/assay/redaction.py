"""The last masker: takes any secret out of a text before it leaves the process.

Findings never hold values, so there should be nothing for it to do. It is the belt to those
braces: it knows every secret that was read, and its usual encodings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from assay.lazily import made_once
from assay.redacted import REDACTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assay.assignments import Assignments

SHORTEST = 8
"""Characters. Shorter values stand in texts by chance, and masking them would garble everything."""


_WORD = re.compile(r"\w")


class Masker:
    """Replaces known secrets in texts. Its time grows with the text, not with the secrets."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        self.names: set[str] = set()
        """Names of variables, which show even if a word of theirs is somebody's password."""
        self._sizes: dict[str, list[int]] = {}
        """The lengths of the forms that begin in the same way, the longest first."""
        for secret in dict.fromkeys(secrets):
            self.learn(secret)

    @made_once
    def assignments(self) -> Assignments:
        """Where values were read: there the short ones are known as well."""
        from assay.assignments import Assignments  # help and `--version` read none

        return Assignments()

    def learn(self, secret: str) -> None:
        """Keep a secret, its lines and its encodings out of what follows."""
        for form in dict.fromkeys(_forms(secret)):
            if len(form) >= SHORTEST:
                self._forms.add(form)
                sizes = self._sizes.setdefault(form[:SHORTEST], [])
                if len(form) not in sizes:
                    sizes.append(len(form))
                    sizes.sort(reverse=True)

    def mask(self, text: str) -> str:
        """The text without any secret that it has learnt."""
        if not self._forms or len(text) < SHORTEST:
            return text
        pieces: list[str] = []
        done = at = 0
        last = len(text) - SHORTEST
        forms, starts = self._forms, self._sizes
        while at <= last:
            sizes = starts.get(text[at : at + SHORTEST], ())
            size = next((size for size in sizes if text[at : at + size] in forms), 0)
            if size and not self._is_in_name(text, at, at + size):
                pieces += (text[done:at], REDACTED)
                at += size
                done = at
            else:
                at += 1
        pieces.append(text[done:])
        return "".join(pieces)

    def _is_in_name(self, text: str, start: int, end: int) -> bool:
        """Whether a form is but a part of a name."""
        if not self.names:
            return False
        first, last = start, end
        while first and _WORD.match(text[first - 1]):
            first -= 1
        while last < len(text) and _WORD.match(text[last]):
            last += 1
        return last - first > end - start and text[first:last] in self.names

    def mask_json(self, text: str) -> str:
        """The same for a JSON document: only its texts are masked, since a value may be `": "`."""
        if self.mask(text) == text:
            return text
        import json

        end = "\n" if text.endswith("\n") else ""
        return json.dumps(self._masked(json.loads(text)), indent=2, ensure_ascii=False) + end

    def _masked(self, data: Any) -> Any:
        match data:
            case str():
                return self.mask(data)
            case list():
                return list(map(self._masked, data))
            case dict():
                return {self.mask(name): self._masked(value) for name, value in data.items()}
            case _:
                return data


def _forms(secret: str) -> Iterator[str]:
    """A secret as it may appear: plain, line by line, and in the encodings of our formats."""
    from binascii import b2a_base64

    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    yield from secret.split("\n")
    if not secret.isalnum() or not secret.isascii():
        yield from _escaped(secret, raw)
    yield raw.hex()
    encoded = b2a_base64(raw, newline=False).decode().rstrip("=")
    yield encoded
    yield encoded.replace("+", "-").replace("/", "_")


def _escaped(secret: str, raw: bytes) -> Iterator[str]:
    """How JSON, HTML, Markdown, URLs and shells write a text with other than letters and digits."""
    import html
    import json
    import shlex
    from urllib.parse import quote

    from assay.reporters.markup import escaped as markdown

    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    page = html.escape(secret)
    yield page
    yield page.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")  # as Jinja writes it
    yield markdown(secret)
    yield quote(raw, safe="")
    yield quote(raw)
    yield shlex.quote(secret)
