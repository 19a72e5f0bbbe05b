"""The tests.

A run starts more than a hundred processes of the service. Where the environment has Python keep no bytecode, each of
them compiles the service anew: then it is kept all the same, in the cache of the tests and nowhere else.
"""

import os
import sys
from pathlib import Path

if sys.dont_write_bytecode and sys.pycache_prefix is None:
    _kept = str(Path(__file__).parent.parent / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode, sys.pycache_prefix = False, _kept
    # For the processes that are started from here.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = _kept
