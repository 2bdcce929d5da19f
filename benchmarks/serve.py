"""What a request costs the made service beside other services of the same predictor.

    python -m venv /tmp/bench && /tmp/bench/bin/pip install mlflow PACKAGE_DIR
    python benchmarks/serve.py PACKAGE_DIR --environment /tmp/bench [--requests N] [--rounds N]

``PACKAGE_DIR`` is a made package whose data are where its ``config.toml`` says. It is trained
once, in the environment in which all services then run: that of the package, one written by
hand (``by_hand.py``), and ``mlflow models serve``. They answer in turns with one worker and one
record a request, so that what the machine does besides falls on all of them alike: CPU of the
process and its children per request, and how long a caller waits. Linux only, since the CPU of
a running process is read from /proc. Prints Markdown.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
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
BY_HAND = Path(__file__).resolve().with_name("by_hand.py")
#: CPU a request, median and 99th percentile of the wait, requests a second for eight.
Measured = tuple[float, float, float, float]
SAVE = """
import mlflow.sklearn, sys
from pathlib import Path
from {package} import artifacts
predictor = artifacts.load(Path(sys.argv[1])).predictor
mlflow.sklearn.save_model(predictor, sys.argv[2], serialization_format="cloudpickle")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package_dir", type=Path)
    parser.add_argument("--environment", type=Path, required=True, help="a virtual environment")
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    folder = arguments.package_dir.resolve()
    python = arguments.environment.absolute() / "bin" / "python"
    package = next(path.parent.name for path in folder.glob("src/*/service.py"))
    require(python, folder)
    found: dict[str, list[Measured]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        services = commands(package, Path(scratch), folder, python)
        manifest = json.loads((Path(scratch) / "artifacts" / "manifest.json").read_text("utf-8"))
        # The made service needs no column that predictions do not depend on; the others do, and
        # take what the made one fills in.
        filled = {c["key"]: c["filler"] for c in manifest["columns"] if c["role"] != "input"}
        whole = filled | manifest["example"]
        env = environment(package, Path(scratch), python)
        for _ in range(arguments.rounds):
            for name, command in services.items():
                with running(name, command, folder, env) as (port, pid):
                    record = manifest["example"] if name == MADE else whole
                    measured = measure(name, port, pid, record, arguments.requests)
                found.setdefault(name, []).append(measured)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{package}: {arguments.rounds} rounds of {arguments.requests} requests; load {load}\n")
    print_table(found)


def require(python: Path, folder: Path) -> None:
    """Say what the environment lacks, before anything is measured."""
    code = "import mlflow.sklearn, flask, fastapi, uvicorn, skops, pydantic_settings, typer"
    if not python.exists():
        raise SystemExit(f"error: {python}: no environment here; see the head of this file")
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True)
    if done.returncode:
        why = done.stderr.strip().rpartition("\n")[2]
        raise SystemExit(f"error: {why}: run {python} -m pip install mlflow {folder}")


def commands(package: str, scratch: Path, folder: Path, python: Path) -> dict[str, list[str]]:
    """The command of each service, of a predictor that is trained now; the port comes last."""
    artifacts, model = scratch / "artifacts", scratch / "model"
    train = [str(python), "-m", package, "train"]
    save = [str(python), "-c", SAVE.format(package=package), str(artifacts), str(model)]
    for command in (train, save):
        env = environment(package, scratch, python)
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"error: {' '.join(command[:4])}: {done.stderr.strip()[-500:]}")
    return {
        MADE: [str(python), "-m", package, "serve", "--port"],
        HAND: [str(python), str(BY_HAND), package, str(artifacts)],
        MLFLOW: [
            str(python), "-m", "mlflow", "models", "serve", "--env-manager", "local",
            "--workers", "1", "-m", str(model), "--port",
        ],
    }  # fmt: skip


def environment(package: str, scratch: Path, python: Path) -> dict[str, str]:
    """One thread for each; artifacts of their own, so that the package's stay as they are."""
    # mlflow starts its server by name.
    path = {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": "src"}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    artifacts = {f"{package.upper()}_ARTIFACTS": str(scratch / "artifacts")}
    return os.environ | threads | artifacts | path


@contextmanager
def running(
    name: str, command: list[str], folder: Path, env: dict[str, str]
) -> Iterator[tuple[int, int]]:
    """A service that answers; its port and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*command, str(port)], cwd=folder, env=env, **quiet)  # type: ignore[call-overload]
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
            if process.poll() is not None:
                raise SystemExit(f"error: {name} ended with {process.returncode}")
        else:
            raise SystemExit(f"error: {name} did not start within two minutes")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def measure(name: str, port: int, pid: int, record: dict[str, object], requests: int) -> Measured:
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


def print_table(found: dict[str, list[Measured]]) -> None:
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
