"""`python -m assay` is `assay`."""

import os
import sys
from contextlib import suppress

with suppress(OSError):  # the folder may be gone
    if sys.path and sys.path[0] == os.getcwd():
        del sys.path[0]  # Python puts the project's folder there; nothing of it may be imported

from assay.cli import program

program()
