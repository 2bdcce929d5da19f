"""Starts the service of a made package, asks it for one record, and shows question and answer.

python scripts/ask.py FOLDER PACKAGE
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def ready(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the service answers; it says itself why it does not."""
    for _ in range(120):
        if process.poll() is not None:
            raise SystemExit(f"the service ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"{address}/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the service did not answer within a minute")


def ask(folder: Path, package: str) -> None:
    record = json.loads((folder / "artifacts" / "manifest.json").read_text())["example"]
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"PYTHONPATH": "src"}
    command = [sys.executable, "-m", package, "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        ready(address, process)
        request = urllib.request.Request(
            f"{address}/predict",
            json.dumps({"records": [record]}).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = json.loads(response.read())
    finally:
        process.terminate()
        process.wait(30)
    print("POST /predict", json.dumps(record))
    print(json.dumps(answer))


if __name__ == "__main__":
    ask(Path(sys.argv[1]), sys.argv[2])
