"""Databases of other makers, as far as SQLAlchemy and an installed driver know them."""

from __future__ import annotations

from importlib.util import find_spec
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.databases.base import Reach
from assay.databases.guard import guarded
from assay.databases.other.mysql_tls import Tls, demanding
from assay.databases.session import entered
from assay.databases.trouble import DatabaseTrouble, failed
from assay.databases.urls import DatabaseUrl, HostPort, invalid
from assay.net.faults import NetworkFault
from assay.net.hosts import is_this_machine
from assay.net.patience import Deadline
from assay.net.reaching import reachable

if TYPE_CHECKING:
    from assay.databases.base import Reach, Session


class Driver(NamedTuple):
    """A driver of SQLAlchemy."""

    name: str
    """As it follows the `+` of a URL."""
    module: str
    package: str
    """What pip installs."""


class Maker(NamedTuple):
    """What is known of a kind of database."""

    port: int
    drivers: tuple[Driver, ...]
    """Those that don't need an event loop, the first one advised."""
    parameters: frozenset[str] = frozenset()
    """Those of a URL that all of the drivers take; what frameworks add is left out."""


_MYSQL = Maker(
    3306,
    (
        Driver("pymysql", "pymysql", "pymysql"),
        Driver("mysqldb", "MySQLdb", "mysqlclient"),
        Driver("mysqlconnector", "mysql.connector", "mysql-connector-python"),
    ),
    frozenset({"charset", "unix_socket"}),
)
MAKERS = {
    "mariadb": _MYSQL,
    "mssql": Maker(
        1433, (Driver("pymssql", "pymssql", "pymssql"), Driver("pyodbc", "pyodbc", "pyodbc"))
    ),
    "mysql": _MYSQL,
    "oracle": Maker(
        1521, (Driver("oracledb", "oracledb", "oracledb"),), frozenset({"service_name"})
    ),
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
    limits = _limits(driver, ceil(reach.seconds))
    engine = guarded(
        made,
        seconds=reach.seconds,
        pool_size=1,
        connect_args=limits | _guards(driver, address.shown) | demands,
    )
    if demands and driver.name == "pymysql":
        from sqlalchemy import event

        event.listen(engine, "do_connect", demanding)
    return engine


def _limits(driver: Driver, seconds: int) -> dict[str, Any]:
    """How to keep a driver from waiting longer."""
    match driver.name:
        case "pymysql" | "mysqldb":
            names = ("connect_timeout", "read_timeout", "write_timeout")
            return dict.fromkeys(names, seconds)
        case "mysqlconnector":
            return {"connection_timeout": seconds}
        case "pymssql":
            return {"login_timeout": seconds, "timeout": seconds}
        case "pyodbc":
            return {"timeout": seconds}
        case _:
            return {"tcp_connect_timeout": seconds}


def _guards(driver: Driver, host: str) -> dict[str, Any]:
    """What a driver must not do for a server: send it a file, or the password in clear."""
    match driver.name:
        case "pymysql":

            def refuse(_connection: Any) -> Any:
                raise failed("its server asks for the password in the clear", host=host)

            clear = dict.fromkeys(("mysql_clear_password", "dialog"), refuse)
            return {"local_infile": False, "auth_plugin_map": clear}
        case "mysqldb":
            return {"local_infile": 0}
        case "mysqlconnector":
            return {"allow_local_infile": False}
        case _:
            return {}
