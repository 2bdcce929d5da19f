"""Runs made packages and compares what they have learned with what was computed by hand.

Called as a program with a folder for each package; ``hand.py`` in it gives ``wanted``.
"""

from pathlib import Path
from typing import Any

import numpy as np

from support.oracle import answer_each, trained


def learned(results: Any, place: str) -> object:
    """What stands at ``place``: a metric, or a part of the predictor with its attributes."""
    first, *rest = place.split(".")
    if first == "metrics":
        return results.metrics[rest[0]]
    found = results.predictor.named_steps[first]
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
    with trained(folder) as results:
        for place, value in wanted.items():
            compare(place, learned(results, place), value)
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


if __name__ == "__main__":
    answer_each(answers)
