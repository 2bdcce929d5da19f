"""Real notebooks with damaged bytes and damaged JSON: does converting ever end badly?

    python benchmarks/fuzz.py FOLDER … [--minutes N] [--seed N] [--limit SECONDS] [--largest BYTES]

Every input is read, analysed, planned and emitted in this process, without formatters and without
the disk. What is neither a package nor one clear line is written to `fuzz-*.ipynb` in the working
folder, and counted by its cause. Prints Markdown; exits with 1 when anything was found.
"""

import argparse
import json
import random
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from chasm.analyse import analyse, imported_roots
from chasm.analyse.statements import Tree
from chasm.emit import emit_project
from chasm.errors import InputError
from chasm.plan import make_plan
from chasm.read import parse_notebook
from chasm.rulebook import load_rulebook

ODD = (None, True, -1, 1e400, "", "x", [], {}, [None], {"a": 1}, "\udc80", "%%", "(", "\x00")


class TooSlowError(Exception):
    """An input took longer than it may."""


def convert(text: str) -> None:
    notebook = parse_notebook(Path("a.ipynb"), text)
    book = load_rulebook(imported_roots(notebook))
    trees: list[Tree] = []
    emit_project(make_plan(analyse(notebook, book, trees), book, "made", trees))


def of_bytes(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, left out, doubled or cut off."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        if not changed:
            break
        start = dice.randrange(len(changed))
        end = min(len(changed), start + dice.randint(1, 40))
        match dice.randrange(5):
            case 0:
                changed[start] = dice.randrange(256)
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end]
            case 3:
                changed[start:start] = dice.choice([b"\\", b'"', b"\\n", b"(", b"%", b"\xff", b"'"])
            case _ if dice.random() < 0.1:
                del changed[start:]
    return bytes(changed)


def of_json(content: Any, dice: random.Random) -> Any:
    """One to four places of the JSON with something else in them; lines of code trade places."""
    for _ in range(dice.randint(1, 4)):
        place: Any = content
        while isinstance(place, dict | list) and place:
            key = (
                dice.choice(list(place)) if isinstance(place, dict) else dice.randrange(len(place))
            )
            if dice.random() < 0.2 or not isinstance(place[key], dict | list) or not place[key]:
                match dice.randrange(3):
                    case 0:
                        place[key] = dice.choice(ODD)
                    case 1:
                        del place[key]
                    case _ if isinstance(place, list):
                        place.insert(key, dice.choice(place))
                break
            place = place[key]
    return content


def main() -> int:
    """Damage and convert until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=30, help="seconds that one input may take")
    parser.add_argument("--largest", type=int, default=300_000, help="bytes of a notebook")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    found = [p for folder in options.folders for p in sorted(folder.rglob("*.ipynb"))]
    whole = [p.read_bytes() for p in found if p.is_file() and p.stat().st_size <= options.largest]
    if not whole:
        sys.exit("no notebooks there")
    dice = random.Random(options.seed)
    causes: Counter[str] = Counter()
    inputs = refused = 0
    signal.signal(signal.SIGALRM, _too_slow)
    end = time.monotonic() + options.minutes * 60
    while time.monotonic() < end:
        data = dice.choice(whole)
        if dice.random() < 0.5:
            text = of_bytes(data, dice).decode("utf-8", "replace")
        else:
            try:
                text = json.dumps(of_json(json.loads(data), dice))
            except ValueError:
                continue
        inputs += 1
        if inputs % 1_000 == 0:
            print(f"{inputs} inputs", file=sys.stderr, flush=True)
        signal.alarm(options.limit)
        try:
            convert(text)
        except InputError as error:
            refused += 1
            cause = "refused by the meaning check" if "would not mean" in str(error) else ""
            cause = cause or ("more than one line" if "\n" in str(error) else "")
        except (RecursionError, MemoryError):
            refused, cause = refused + 1, ""
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            cause = f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
        else:
            cause = ""
        finally:
            signal.alarm(0)
        if cause:
            causes[cause] += 1
            if causes[cause] == 1:
                name = f"fuzz-{len(causes)}.ipynb"
                Path(name).write_text(text, encoding="utf-8", errors="surrogatepass")
                print(f"{name}: {cause}", flush=True)
    print(f"\n{inputs} inputs of {len(whole)} notebooks, {refused} refused in one line\n")
    print("| what went wrong | inputs |\n| --- | ---: |")
    for cause, count in causes.most_common():
        print(f"| {cause} | {count} |")
    return 1 if causes else 0


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TooSlowError


if __name__ == "__main__":
    sys.exit(main())
