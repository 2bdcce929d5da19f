"""Runs made packages and compares what they have learned with what was computed by hand.

Called as a program with a folder for each package; ``hand.py`` in it gives ``wanted``.
"""

import importlib
import json
import os
import sys
import traceback
import warnings
from pathlib import Path

import numpy as np


def learned(results: object, place: str) -> object:
    """What stands at ``place``: a metric, or a part of the predictor with its attributes."""
    first, *rest = place.split(".")
    if first == "metrics":
        return results.metrics[rest[0]]  # type: ignore[attr-defined]
    found = results.predictor.named_steps[first]  # type: ignore[attr-defined]
    for name in rest:
        # What the transformer is handed has no underscore.
        found = getattr(found, name, None) if hasattr(found, name) else getattr(found, name[:-1])
    return found


def answers(folder: Path) -> str:
    """Empty when the package has learned what was computed by hand."""
    scope: dict[str, object] = {}
    exec(compile((folder / "hand.py").read_text(), "hand.py", "exec"), scope)
    wanted = scope["wanted"]
    assert isinstance(wanted, dict)
    sys.path.insert(0, str(folder / "made" / "src"))
    name = next(p.name for p in (folder / "made" / "src").iterdir())
    os.chdir(folder / "made")
    try:
        pipeline = importlib.import_module(f"{name}.pipeline")
        config = importlib.import_module(f"{name}.config")
        results = pipeline.train(config.Config())
        for place, value in wanted.items():
            compare(place, learned(results, place), value)
    finally:
        os.chdir(folder)
        sys.path.pop(0)
    return ""


def compare(place: str, found: object, wanted: object) -> None:
    if isinstance(wanted, dict):
        assert isinstance(found, dict), place
        assert found.keys() == wanted.keys(), (place, found, wanted)
        found, wanted = [found[key] for key in wanted], list(wanted.values())
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], str):
        assert found == wanted, (place, found, wanted)
        return
    numbers, wanted_numbers = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    np.testing.assert_allclose(numbers, wanted_numbers, rtol=1e-12, err_msg=place)


def main() -> None:
    warnings.simplefilter("ignore")
    found = {}
    for argument in sys.argv[1:]:
        folder = Path(argument)
        os.chdir(folder)
        try:
            found[argument] = answers(folder)
        except Exception:
            found[argument] = traceback.format_exc()[-1500:]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
