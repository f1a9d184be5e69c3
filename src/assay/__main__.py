"""`python -m assay` is `assay`."""

import os
import sys

if sys.path and sys.path[0] == os.getcwd():
    del sys.path[0]  # Python puts the project's folder there, and nothing of it may be imported

from assay.cli import program

program()
