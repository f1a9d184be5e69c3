"""`python -m bench [NAME...]`: run benchmarks and print their tables."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.benchmarks import BENCHMARKS
from bench.setting import HERE, Setting, installed
from bench.table import markdown


def main() -> int:
    """Run the chosen benchmarks; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHMARKS)} (default: all)"
    )
    parser.add_argument("--runs", type=int, default=30, help="of each command (default: 30)")
    parser.add_argument(
        "--revision", help="measure a revision of the repository (default: this checkout)"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: expected any of {', '.join(BENCHMARKS)}")
    binaries = installed(arguments.revision)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as scratch:
        setting = Setting(binaries, HERE, Path(scratch).resolve(), arguments.runs)
        for name in arguments.names or BENCHMARKS:
            title, rows = BENCHMARKS[name]
            found = list(rows(setting))
            missed += sum(row.met is False for row in found)
            print(markdown(title, found), flush=True)
    print(f"{missed} targets missed" if missed else "every target met", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
