"""The screen: says quickly that .env files are clean, or that it does not know.

It is the whole of `assay hook` where nothing is wrong, so start-up is its cost. Nothing here, nor
in `judge`, `store` and `plain`, may import what the bare interpreter has not loaded already,
except inside a function on a rarer path. It never reports a fault: whatever is not plainly clean
goes to the engine, which explains. A property test holds that the engine passes whatever the screen
calls clean.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def screened(arguments: "Sequence[str]") -> bool:
    """Whether `assay hook` with these arguments is certain to find nothing.

    False also where an argument is not understood, or where no plan of the spec is remembered.
    """
    spec = environment = None
    files: list[str] = []
    rest = iter(arguments)
    for word in rest:
        if word == "--spec":
            spec = next(rest, None)
        elif word == "--env":
            environment = next(rest, None)
        elif word == "--":
            files += rest
        elif word in ("-q", "--quiet"):
            continue
        elif word[:1] == "-":
            return False
        else:
            files.append(word)
    if spec == "-" or not files:
        return False
    from assay.screen.store import PLAN, recall

    working = os.getcwd()
    known = recall(spec, working, PLAN)
    if known is None:
        return False
    from assay.screen.judge import clean

    root, plan = known
    return clean(plan, root, [os.path.join(working, file) for file in files], environment)
