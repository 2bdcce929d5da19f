"""Starts the recorder in a process that ``chasm verify`` runs; in any other it does nothing.

Python imports a module of this name when it starts. Another one, further along the path, is
looked up and run as well, so that an environment keeps its own.
"""

import importlib.machinery
import importlib.util
import os
import sys


def _run_the_environments_own() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


# Taken out of the environment, so that no process started from here records anything.
_folder = os.environ.pop("CHASM_RECORD", None)
if _folder:
    import chasm_recorder

    chasm_recorder.install(_folder)
_run_the_environments_own()
