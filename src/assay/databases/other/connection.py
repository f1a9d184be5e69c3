"""Databases of other makers, as far as SQLAlchemy and an installed driver know them."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.databases.guard import guarded
from assay.databases.other.mysql_tls import Tls, demanding
from assay.databases.session import entered
from assay.databases.trouble import DatabaseTrouble, failed, require_sqlalchemy
from assay.databases.urls import DatabaseUrl, HostPort, invalid
from assay.net.faults import NetworkFault
from assay.net.hosts import is_this_machine
from assay.net.patience import Deadline
from assay.net.reaching import reachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.databases.base import Reach, Session


class Driver(NamedTuple):
    """A driver of SQLAlchemy."""

    name: str
    """As it follows the `+` of a URL."""
    module: str
    package: str
    """What pip installs."""
    limits: tuple[str, ...] = ("timeout",)
    """Its options that keep it from waiting longer."""
    guards: Mapping[str, Any] = {}
    """Options without which it would send a server the files that it asks for."""


class Maker(NamedTuple):
    """What is known of a kind of database."""

    port: int
    drivers: tuple[Driver, ...]
    """Those that don't need an event loop, the first one advised."""
    parameters: frozenset[str] = frozenset()
    """Those of a URL that all of the drivers take; what frameworks add is left out."""


_TIMEOUTS = ("connect_timeout", "read_timeout", "write_timeout")
_MYSQL = Maker(
    3306,
    (
        Driver("pymysql", "pymysql", "pymysql", _TIMEOUTS, {"local_infile": False}),
        Driver("mysqldb", "MySQLdb", "mysqlclient", _TIMEOUTS, {"local_infile": 0}),
        Driver(
            *("mysqlconnector", "mysql.connector", "mysql-connector-python"),
            limits=("connection_timeout",),
            guards={"allow_local_infile": False},
        ),
    ),
    frozenset({"charset", "unix_socket"}),
)
_PYMSSQL = Driver("pymssql", "pymssql", "pymssql", ("login_timeout", "timeout"))
_ORACLE = Driver("oracledb", "oracledb", "oracledb", ("tcp_connect_timeout",))
MAKERS = {
    "mariadb": _MYSQL,
    "mssql": Maker(1433, (_PYMSSQL, Driver("pyodbc", "pyodbc", "pyodbc"))),
    "mysql": _MYSQL,
    "oracle": Maker(1521, (_ORACLE,), frozenset({"service_name"})),
}
_ALIASES = {"mysql2": "mysql", "sqlserver": "mssql"}
"""What Rails and Prisma call them."""


def open_other(url: DatabaseUrl, reach: Reach) -> Session:
    """A session of the database that a URL leads to."""
    from assay.databases.other.session import OtherSession

    dialect = _ALIASES.get(url.scheme, url.scheme)
    maker = MAKERS.get(dialect)
    if maker is None:
        known = ", ".join(("postgresql", "sqlite", *MAKERS))
        raise invalid(f"its scheme is of no database that assay knows: expected one of {known}")
    require_sqlalchemy()
    driver = _driver(maker, url.driver)
    shown = "localhost"
    if url.hosts:
        address = url.addresses(maker.port)[0]
        shown = address.shown
        try:
            reachable(address.host, address.port, Deadline(reach.seconds))
        except NetworkFault as fault:
            raise DatabaseTrouble.of(fault) from None
    session = OtherSession(
        _engine(dialect, driver, maker, url, reach), host=shown, seconds=reach.seconds
    )
    return entered(session, lambda made: made.greet(url))


def _driver(maker: Maker, named: str) -> Driver:
    """The driver that the URL names where it is there, else any other of the same database."""
    wanted = sorted(maker.drivers, key=lambda driver: driver.name != named)
    for driver in wanted:
        if find_spec(driver.module.partition(".")[0]) is not None:
            return driver
    raise DatabaseTrouble(
        "database-driver-missing",
        library=wanted[0].package,
        command=f"pip install {wanted[0].package}",
    )


def _engine(dialect: str, driver: Driver, maker: Maker, url: DatabaseUrl, reach: Reach) -> Any:
    from sqlalchemy import URL

    address = url.addresses(maker.port)[0] if url.hosts else HostPort("", maker.port)
    tls = Tls(url.query, reach) if maker is _MYSQL else None
    remote = bool(address.host) and not is_this_machine(address.host)
    demands = tls.given_to(driver.name, remote=remote) if tls else {}
    made = URL.create(
        f"{dialect}+{driver.name}",
        username=url.user or None,
        password=url.password,
        host=address.host or None,
        port=address.port if address.host else None,
        database=url.database or None,
        query={k: v for k, v in url.query.items() if v and k in maker.parameters},
    )
    options = dict.fromkeys(driver.limits, ceil(reach.seconds)) | {**driver.guards} | demands
    if driver.name == "pymysql":
        refuse = partial(_refuse, address.shown)
        options["auth_plugin_map"] = dict.fromkeys(("mysql_clear_password", "dialog"), refuse)
    engine = guarded(made, seconds=reach.seconds, pool_size=1, connect_args=options)
    if demands and driver.name == "pymysql":
        from sqlalchemy import event

        event.listen(engine, "do_connect", demanding)
    return engine


def _refuse(host: str, _connection: Any) -> Any:
    raise failed("its server asks for the password in the clear", host=host)
