"""What a request costs the made service beside other services of the same predictor.

    python benchmarks/serve.py PACKAGE_DIR [--mlflow VENV] [--requests N] [--rounds N]

``PACKAGE_DIR`` is a made package that was trained. The services answer in turns with one
worker and one record a request, so that what the machine does besides falls on all of them
alike: CPU of the process and its children per request, and how long a caller waits. Linux
only, since the CPU of a running process is read from /proc. Prints Markdown.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

MADE = "made by chasm"
HAND = "FastAPI by hand"
MLFLOW = "mlflow models serve"
#: What one would write in an afternoon: a model of the record, a frame, the predictor.
BY_HAND = """
import sys
import pandas as pd, uvicorn
from fastapi import FastAPI
from pathlib import Path
from pydantic import Field, create_model
from {package} import artifacts
artifact = artifacts.load(Path("artifacts"))
fields = {{
    f"c{{i}}": (object, Field(None, alias=c.key)) for i, c in enumerate(artifact.columns)
}}
Record = create_model("Record", **fields)
Body = create_model("Body", records=(list[Record], ...))
app = FastAPI()
@app.get("/health")
def health(): return {{}}
@app.post("/predict")
def predict(body: Body):
    frame = pd.DataFrame([record.model_dump(by_alias=True) for record in body.records])
    found = artifact.predictor.predict(frame)
    rows = [{{"prediction": value}} for value in found.tolist()]
    if hasattr(artifact.predictor, "predict_proba"):
        for row, chances in zip(rows, artifact.predictor.predict_proba(frame).tolist()):
            row["probabilities"] = dict(zip(map(str, artifact.predictor.classes_), chances))
    return {{"predictions": rows}}
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
"""
SAVE = """
import mlflow.sklearn, sys
from pathlib import Path
from {package} import artifacts
predictor = artifacts.load(Path("artifacts")).predictor
mlflow.sklearn.save_model(predictor, sys.argv[1], serialization_format="cloudpickle")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package_dir", type=Path)
    parser.add_argument("--mlflow", type=Path, help="a virtual environment with mlflow")
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    folder = arguments.package_dir.resolve()
    package = next(path.parent.name for path in folder.glob("src/*/service.py"))
    manifest = json.loads((folder / "artifacts" / "manifest.json").read_text(encoding="utf-8"))
    record = manifest["example"]
    found: dict[str, list[tuple[float, float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        services = commands(package, Path(scratch), folder, arguments.mlflow)
        for _ in range(arguments.rounds):
            for name, command in services.items():
                with running(command, folder) as (port, pid):
                    measured = measure(name, port, pid, record, arguments.requests)
                found.setdefault(name, []).append(measured)
    print_table(found)


def commands(
    package: str, scratch: Path, folder: Path, mlflow: Path | None
) -> dict[str, list[str]]:
    """The command of each service; the port comes last."""
    by_hand = scratch / "by_hand.py"
    by_hand.write_text(BY_HAND.format(package=package), encoding="utf-8")
    services = {
        MADE: [sys.executable, "-m", package, "serve", "--port"],
        HAND: [sys.executable, str(by_hand)],
    }
    if mlflow is not None:
        model = scratch / "model"
        code = [str(mlflow / "bin" / "python"), "-c", SAVE.format(package=package), str(model)]
        subprocess.run(code, cwd=folder, env=environment(), check=True)
        services[MLFLOW] = [
            str(mlflow / "bin" / "mlflow"), "models", "serve", "--env-manager", "local",
            "--workers", "1", "-m", str(model), "--port",
        ]  # fmt: skip
    return services


def environment() -> dict[str, str]:
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return os.environ | threads | {"PYTHONPATH": "src", "MPLBACKEND": "Agg"}


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[tuple[int, int]]:
    """A service that answers; its port and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*command, str(port)], cwd=folder, env=environment(), **quiet)  # type: ignore[call-overload]
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def measure(
    name: str, port: int, pid: int, record: dict[str, object], requests: int
) -> tuple[float, float, float, float]:
    """CPU a request, median and 99th percentile of the wait, and requests a second for eight."""
    path, key = ("/invocations", "dataframe_records") if name == MLFLOW else ("/predict", "records")
    body = json.dumps({key: [record]})
    ask(port, path, body, 30)
    before = cpu_seconds(pid)
    waits = sorted(ask(port, path, body, requests))
    cpu = (cpu_seconds(pid) - before) / requests
    start = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask(port, path, body, requests // 8), range(8)))
    rate = requests // 8 * 8 / (time.perf_counter() - start)
    return cpu, waits[len(waits) // 2], waits[int(len(waits) * 0.99)], rate


def ask(port: int, path: str, body: str, times: int) -> list[float]:
    """Seconds that each of so many requests took, one after another on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    waits = []
    for _ in range(times):
        start = time.perf_counter()
        connection.request("POST", path, body, {"content-type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        waits.append(time.perf_counter() - start)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {content[:300]!r}")
    return waits


def cpu_seconds(pid: int) -> float:
    """CPU of a process and of all that it started, so far."""
    total, parents = 0.0, {pid}
    tick = os.sysconf("SC_CLK_TCK")
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        if number in parents or int(fields[1]) in parents:
            parents.add(number)
            total += (int(fields[11]) + int(fields[12])) / tick
    return total


def print_table(found: dict[str, list[tuple[float, float, float, float]]]) -> None:
    print("| service | CPU ms/request | ratio | p50 ms | p99 ms | requests/s, 8 callers |")
    print("| --- | --- | --- | --- | --- | --- |")
    medians = {
        name: [statistics.median(c) for c in zip(*r, strict=True)] for name, r in found.items()
    }
    for name, (cpu, middle, late, rate) in medians.items():
        ratio = cpu / medians[MADE][0]
        print(
            f"| {name} | {cpu * 1e3:.2f} | {ratio:.1f} | {middle * 1e3:.1f} | {late * 1e3:.1f} "
            f"| {rate:.0f} |"
        )


if __name__ == "__main__":
    main()
