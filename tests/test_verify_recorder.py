"""What of a running notebook is an event, and what is not."""

from pathlib import Path

import pytest
from support.command import write
from support.verifying import run_of_notebook

from chasm.verify import kernel

HEAD = """\
import numpy as np
import matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
X, y = np.arange(20.0).reshape(10, 2), np.arange(10) % 2
"""
CELLS = [
    HEAD,
    "scaler = StandardScaler()\nmodel = LogisticRegression()\n"
    "model.fit(scaler.fit_transform(X), y)",
    "both = make_pipeline(StandardScaler(), LogisticRegression())\nboth.fit(X, y)",
    "class Own(StandardScaler):\n    pass\nOwn().fit(X)",
    "%timeit -n 2 -r 1 model.predict_proba(X)",
    "fig, ax = plt.subplots()\nax.plot(X[:, 0])\nfig.savefig('a.png')\nplt.show()",
    "plt.plot(y)\nplt.title('left open')",
    "print('one', end=' ')\nprint('line')\nX[0]",
    "%matplotlib agg\nplt.plot(y + 1)",
    "from sklearn.model_selection import GridSearchCV\n"
    "GridSearchCV(LogisticRegression(), {'C': [0.1, 1.0]}, cv=2).fit(X, y)",
    "import statsmodels.api as sm\nline = sm.OLS(y, X).fit()\nline.summary()\nline.predict(X)[0]",
]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[tuple[str, str]]]:
    """Kind and name of the events of each cell."""
    place = tmp_path_factory.mktemp("events")
    _, run = run_of_notebook(write(str(place / "a.ipynb"), *CELLS), place)
    assert run.failure is None
    assert [event for event in run.events if event.kind == "fault"] == []
    assert [Path(path).name for path in run.files] == ["a.png"]
    found: dict[int, list[tuple[str, str]]] = {number: [] for number in range(1, len(CELLS) + 1)}
    for event in run.events:
        if event.cell is not None:
            found[event.cell].append((event.kind, event.text or event.name))
    return found


Events = dict[int, list[tuple[str, str]]]
SCALED = [
    ("fit", "StandardScaler"),
    ("predict", "StandardScaler.transform"),
    ("fit", "LogisticRegression"),
]


def test_a_fit_counts_the_same_however_it_is_wrapped(events: Events) -> None:
    assert events[2] == SCALED
    assert events[3] == SCALED


def test_classes_of_the_notebook_are_looked_through(events: Events) -> None:
    assert events[4] == []


def test_what_a_magic_measures_is_no_result(events: Events) -> None:
    assert events[5] == []


def test_a_figure_counts_once_and_ends_with_its_cell(events: Events) -> None:
    assert events[6] == [("picture", "a.png"), ("figure", "")]
    assert events[7][0] == ("figure", "left open")
    assert [kind for kind, _ in events[9]].count("figure") == 1


def test_a_line_may_be_printed_in_parts_and_a_value_shown(events: Events) -> None:
    assert events[8] == [("print", "one line"), ("shown", "[0. 1.]")]


def test_a_search_is_one_fit(events: Events) -> None:
    assert events[10] == [("fit", "GridSearchCV")]


def test_what_a_model_predicts_for_its_summary_is_no_result(events: Events) -> None:
    found = [event for event in events[11] if event[0] != "shown"]
    assert [kind for kind, _ in found] == ["fit", "predict"]


HEARD = [
    HEAD + "import io, os, sys, json, pprint, builtins, contextlib, threading",
    "with contextlib.redirect_stdout(io.StringIO()):\n    print('into a text')\n"
    "sys.stdout.write('written ')\nsys.stdout.write('out\\n')\njson.dump([1], sys.stdout)\nprint()",
    "def fit(c):\n    LogisticRegression(C=c).fit(X, y)\n"
    "threads = [threading.Thread(target=fit, args=(c,)) for c in range(1, 5)]\n"
    "for thread in threads: thread.start()\nfor thread in threads: thread.join()",
    "from sklearn.ensemble import BaggingClassifier\n"
    "BaggingClassifier(LogisticRegression(), n_estimators=4, n_jobs=2, random_state=0).fit(X, y)",
    "def gone(*_, **__): raise ValueError\n"
    "real, json.dumps, builtins.open = (json.dumps, open), gone, gone\n"
    "print('still')\njson.dumps, builtins.open = real",
    "globals = None\nprint([name for name in dir() if 'chasm' in name])",
]


def test_what_the_author_writes_is_heard_however_it_is_written(tmp_path: Path) -> None:
    _, run = run_of_notebook(write(str(tmp_path / "a.ipynb"), *HEARD), tmp_path)
    assert run.failure is None
    assert [event for event in run.events if event.kind == "fault"] == []
    events = [(event.cell, event.kind, event.text or event.name) for event in run.events]
    printed = [(cell, text) for cell, kind, text in events if kind == "print"]
    assert printed == [(2, "written out"), (2, "[1]"), (5, "still"), (6, "[]")]
    fits = [(cell, name) for cell, kind, name in events if kind == "fit"]
    assert fits == [(3, "LogisticRegression")] * 4 + [(4, "BaggingClassifier")]


def test_a_kernel_whose_port_was_taken_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, taken = kernel._unusable, [f"ZMQError: {kernel.PORT_TAKEN}"]
    monkeypatch.setattr(kernel, "_unusable", lambda *given: taken.pop() if taken else real(*given))
    _, run = run_of_notebook(write(str(tmp_path / "a.ipynb"), "print('here')"), tmp_path)
    assert [event.text for event in run.events if event.kind == "print"] == ["here"]
