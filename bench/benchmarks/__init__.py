"""The benchmarks by name. Each takes a setting and gives the rows of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.benchmarks import credentials, documents, explaining, judging, linear, many, peers, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.setting import Setting
    from bench.table import Row

BENCHMARKS: dict[str, tuple[str, Callable[[Setting], Iterator[Row]]]] = {
    "start": ("`assay hook` on clean files, beside `python -c pass`", start.rows),
    "peers": ("Peers on the same 100 variables, as multiples of `assay hook`", peers.rows),
    "judging": ("Reading and judging in process, clean", judging.rows),
    "explaining": ("What takes more than the screen, beside `python -c pass`", explaining.rows),
    "documents": ("Linting and documenting a large spec", documents.rows),
    "many": ("Many files of 100 variables in one `assay hook`", many.rows),
    "credentials": ("Stored credentials", credentials.rows),
    "linear": ("Four times the input: how many times the time", linear.rows),
}
