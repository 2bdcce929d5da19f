"""The recorder's own modules, which stand in no package: a process is started with them."""

import sys
from pathlib import Path
from typing import Any

from chasm.verify.model import Difference
from chasm.verify.traces import RECORDER
from chasm.verify.values import Comparison

sys.path.insert(0, str(RECORDER))

from chasm_recorder.describe import Store, describe


def difference(a: Any, b: Any, folder: Path, indexed: bool = False) -> Difference | None:
    """The first difference of two values, both recorded as two processes would."""
    stores = [folder / "a.bin", folder / "b.bin"]
    trees = [describe(value, Store(str(path))) for value, path in zip((a, b), stores, strict=True)]
    return Comparison(stores[0], stores[1], indexed).difference(*trees)
