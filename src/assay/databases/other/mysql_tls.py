"""TLS as the URL of a MySQL or MariaDB database asks for it, in the words of any driver."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING, Any

from assay.databases.trouble import DatabaseTrouble
from assay.databases.urls import certificate_path, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.databases.base import Reach

_NONE, _REQUIRE, _CA, _FULL = range(4)
_MODES = {
    **dict.fromkeys(("disable", "disabled", "allow", "prefer", "preferred"), _NONE),
    **dict.fromkeys(("require", "required"), _REQUIRE),
    "verify-ca": _CA,
    **dict.fromkeys(("verify-full", "verify-identity"), _FULL),
}
_OFF = frozenset({"", "0", "false", "no", "off", "disable", "disabled", "prefer", "preferred"})
_UNVERIFIED = frozenset({"skip-verify", "acceptinvalidcerts", "accept-invalid-certs"})
_SWITCHES = {
    "ssl": _REQUIRE,
    "usessl": _REQUIRE,
    "requiressl": _REQUIRE,
    "sslverifycert": _CA,
    "verifyservercertificate": _CA,
    "tls": _FULL,
    "sslaccept": _FULL,
    "sslverifyidentity": _FULL,
    "sslverifyservercert": _FULL,
}
"""What each parameter demands if it's set, its name without `-` and `_`."""
_AUTHORITIES = ("sslca", "sslrootcert")
_CAPABILITY = 0x800
"""CLIENT_SSL: https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html."""
_NAMES = {_REQUIRE: "REQUIRED", _CA: "VERIFY_CA", _FULL: "VERIFY_IDENTITY"}


class Tls:
    """What a URL demands."""

    def __init__(self, query: Mapping[str, str], reach: Reach) -> None:
        """Take the parameters of a URL."""
        plain = {re.sub("[-_]", "", name.lower()): value for name, value in query.items()}
        self.authority: str = next((plain[n] for n in _AUTHORITIES if plain.get(n)), "")
        if self.authority == "system":
            self.authority = ""
            plain["sslverifyidentity"] = "true"
        if self.authority:
            self.authority = certificate_path("ssl_ca", self.authority, reach)
        self.own: tuple[str, ...] = tuple(
            certificate_path(f"ssl_{name}", plain[f"ssl{name}"], reach)
            if plain.get(f"ssl{name}")
            else ""
            for name in ("cert", "key")
        )
        self.level: int = max((_level(name, value) for name, value in plain.items()), default=_NONE)
        if self.authority and self.level in (_NONE, _REQUIRE):
            self.level = _FULL
        elif any(self.own):
            self.level = max(self.level, _REQUIRE)

    def given_to(self, driver: str, *, remote: bool) -> dict[str, Any]:
        """The arguments of a driver.

        Raises:
            DatabaseTrouble: the driver can't keep the password from a server that offers no TLS.

        """
        match driver:
            case "pymysql":
                return {"ssl": self._context()} if self.level else {}
            case "mysqldb":
                return {"ssl_mode": _NAMES[self.level], **self._files()} if self.level else {}
            case "mysqlconnector" if self.authority:
                full = self.level == _FULL
                return {"ssl_verify_cert": True, "ssl_verify_identity": full, **self._files()}
            case "mysqlconnector" if self.level or remote:
                # it sends the password in clear to a server without TLS that asks for it
                raise invalid(
                    "MySQL Connector would send its password in clear to a server without TLS: add "
                    "`ssl_ca=FILE`, or install pymysql and begin the URL with `mysql+pymysql:`"
                )
            case _:
                return {}

    def _files(self) -> dict[str, str]:
        named = zip(("ssl_ca", "ssl_cert", "ssl_key"), (self.authority, *self.own), strict=True)
        return {name: path for name, path in named if path}

    def _context(self) -> ssl.SSLContext:
        try:
            made = ssl.create_default_context(cafile=self.authority or None)
            if self.own[0]:
                made.load_cert_chain(self.own[0], self.own[1] or None)
        except (OSError, ValueError):
            raise DatabaseTrouble(
                "database-url-invalid", reason="one of its TLS files does not contain certificates"
            ) from None
        made.check_hostname = self.level == _FULL
        made.verify_mode = ssl.CERT_NONE if self.level == _REQUIRE else ssl.CERT_REQUIRED
        return made


def _level(name: str, value: str) -> int:
    given = value.strip().lower()
    if name == "sslmode":
        mode = given.replace("_", "-")
        if mode not in _MODES:
            raise invalid("its `sslmode` isn't one of `disable`, `require` and `verify-full`")
        return _MODES[mode]
    if name not in _SWITCHES or given in _OFF:
        return _NONE
    if given in _UNVERIFIED:
        return _REQUIRE
    if given.startswith("{"):  # as mysql2 of Node takes it
        lax = re.search(r'"rejectunauthorized"\s*:\s*false', given)
        return _REQUIRE if lax else _FULL
    known = given in ("1", "true", "yes", "on", "required")
    return _SWITCHES[name] if known else _FULL


def demanding(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Any:
    """Connect by PyMySQL, whose versions before 1.2 go on with a server that offers no TLS."""
    from pymysql import err  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from pymysql.connections import (  # type: ignore[import-not-found, import-untyped, unused-ignore]
        Connection,
    )

    class Encrypted(Connection):  # type: ignore[misc, unused-ignore]
        def _get_server_information(self) -> None:
            super()._get_server_information()
            if not self.server_capabilities & _CAPABILITY:
                raise err.OperationalError(2026, "")

    return Encrypted(*arguments, **options)
