"""Checks of a served package that ask more than its own tests do; they run inside of it."""

import asyncio
import json
import math
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel
from served import artifacts, scoring
from served.config import ServiceConfig
from served.inference import Predictor
from served.pipeline import Results
from served.service import create_app

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def artifact(results: Results, tmp_path_factory: pytest.TempPathFactory) -> artifacts.Artifact:
    folder = tmp_path_factory.mktemp("artifacts")
    artifacts.save(results, folder)
    return artifacts.load(folder)


@pytest.fixture(scope="module")
def client(artifact: artifacts.Artifact) -> Iterator[TestClient]:
    app = create_app(artifact, ServiceConfig(max_body_bytes=20_000, max_records=20))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def record(artifact: artifacts.Artifact) -> dict[str, Any]:
    return dict(Predictor(artifact).example())


def numeric(artifact: artifacts.Artifact) -> str:
    kinds = ("integer", "number")
    return str(next(c.key for c in artifact.columns if c.kind in kinds and c.role == "input"))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"{", 422), (b"null", 422), (b"[]", 422), (b'{"records": []}', 422),
        (b'{"records": null}', 422), (b'{"records": [1]}', 422), (b'{"records": [[]]}', 422),
        (b'{"records": [{}], "more": 1}', 422), (b'{"records": [{"x": NaN}]}', 422),
        (b'{"records": ' + b"[" * 5000 + b"]" * 5000 + b"}", 422), (b"\xff\xfe", 422),
        (b'{"records": [{"\\ud800": 1}]}', 422), (b" " * 20_001, 413), (b"1" * 5000, 422),
    ],
    ids=range(15),
)  # fmt: skip
def test_a_bad_body_is_refused(client: TestClient, body: bytes, status: int) -> None:
    answer = client.post("/predict", content=body, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_another_type_of_content_is_refused(client: TestClient, record: dict[str, Any]) -> None:
    body = json.dumps({"records": [record]})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonish", "é"):
        answer = client.post("/predict", content=body, headers={"content-type": kind.encode()})
        assert answer.status_code == 415
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/x+json"):
        answer = client.post("/predict", content=body, headers={"content-type": kind})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "value",
    ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "1" + "0" * 30 + ".5", '"1"', "true",
     "1.7e308", "-1.7e308"],
)  # fmt: skip
def test_an_odd_number_is_refused_or_answered(
    client: TestClient, artifact: artifacts.Artifact, record: dict[str, Any], value: str
) -> None:
    field = numeric(artifact)
    body = json.dumps({"records": [record | {field: "here"}]}).replace('"here"', value)
    answer = client.post("/predict", content=body, headers=JSON)
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert answer.json()["detail"][0]["loc"] == ["body", "records", 0, field]
    else:
        assert answer.json()["predictions"][0]["prediction"] is not None


def test_the_limits_of_a_request(client: TestClient, record: dict[str, Any]) -> None:
    assert client.post("/predict", json={"records": [record] * 20}).status_code == 200
    answer = client.post("/predict", json={"records": [record] * 21})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "records"]

    def stream() -> Iterator[bytes]:
        for _ in range(1000):
            yield b" " * 1000

    assert client.post("/predict", content=stream(), headers=JSON).status_code == 413


def test_a_crowd_of_unknown_fields_is_refused_as_one_fault(
    client: TestClient, record: dict[str, Any]
) -> None:
    crowd = {str(number): 1 for number in range(500)}
    answer = client.post("/predict", json={"records": [record, record | crowd]})
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) == 1
    assert answer.json()["detail"][0]["loc"] == ["body", "records", 1]
    answer = client.post("/predict", json={"records": [record]} | crowd)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) == 1


def asked(app: Any, *bodies: Any) -> list[httpx.Response]:
    """The answers to requests that come at the same time."""

    async def all_of_them() -> list[httpx.Response]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://test"
        ) as client:
            requests = [client.post("/predict", content=body, headers=JSON) for body in bodies]
            return list(await asyncio.gather(*requests))

    return asyncio.run(all_of_them())


async def dripping(times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield b" " * 1000
        await asyncio.sleep(0.05)


def test_who_sends_too_slowly_is_sent_away(artifact: artifacts.Artifact) -> None:
    app = create_app(artifact, ServiceConfig(body_seconds=0.1))
    (answer,) = asked(app, dripping(100))
    assert answer.status_code == 408
    assert answer.headers["connection"] == "close"


def test_bodies_under_way_take_together_no_more_than_allowed(
    artifact: artifacts.Artifact,
) -> None:
    app = create_app(artifact, ServiceConfig(max_body_bytes=3_000, max_concurrent=2))
    statuses = [answer.status_code for answer in asked(app, *(dripping(3) for _ in range(4)))]
    assert 503 in statuses
    assert 422 in statuses
    # What they took is free again.
    assert [answer.status_code for answer in asked(app, dripping(3), dripping(3))] == [422, 422]


class Slow:
    """A model that answers when it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def predict(self, frame: pd.DataFrame) -> list[float]:
        self.go.wait(20)
        return [0.5, 1.5, 2.5, 3.5][: len(frame)]


def replaced(artifact: artifacts.Artifact, model: Any) -> artifacts.Artifact:
    return artifacts.Artifact(model, artifact.columns, None, artifact.manifest)


def test_too_much_at_a_time_is_put_off(
    artifact: artifacts.Artifact, record: dict[str, Any]
) -> None:
    model = Slow()
    app = create_app(replaced(artifact, model), ServiceConfig(max_concurrent=1))
    found: list[Any] = []

    async def all_of_them() -> None:
        # Without the start of the service, which would wait for the model.
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            body = {"records": [record] * 4}
            asked = [asyncio.create_task(client.post("/predict", json=body)) for _ in range(3)]
            await asyncio.sleep(0.3)
            assert (await client.get("/health")).status_code == 200
            model.go.set()
            found.extend(await asyncio.gather(*asked))

    asyncio.run(all_of_them())
    assert sorted(answer.status_code for answer in found) == [200, 503, 503]
    answers = [answer for answer in found if answer.status_code == 200][0].json()["predictions"]
    assert answers == [{"prediction": p} for p in (0.5, 1.5, 2.5, 3.5)]


class Picky:
    """A model that fails on a value, and says too much of itself."""

    def __init__(self, position: int, limit: float) -> None:
        self.position, self.limit = position, limit

    def predict(self, frame: pd.DataFrame) -> Any:
        if (frame.iloc[:, self.position].astype(float) > self.limit).any():
            raise RuntimeError("secret")
        return np.zeros(len(frame), dtype=int)


def test_a_failing_model_names_record_and_field(
    artifact: artifacts.Artifact, record: dict[str, Any]
) -> None:
    field = numeric(artifact)
    columns = [column.key for column in artifact.columns if column.role != "index"]
    model = Picky(columns.index(field), 10_000)
    app = create_app(replaced(artifact, model), ServiceConfig())
    client = TestClient(app, raise_server_exceptions=False)
    records = [dict(record) for _ in range(9)]
    records[6][field] = 20_000
    answer = client.post("/predict", json={"records": records})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "records", 6, field]
    assert "secret" not in answer.text
    model.limit = -1e9
    answer = client.post("/predict", json={"records": records[:1]})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "records", 0]


class Endless:
    """A model whose answer for some values is no finite number."""

    def __init__(self, position: int, answer: float) -> None:
        self.position, self.answer = position, answer

    def predict(self, frame: pd.DataFrame) -> Any:
        odd = frame.iloc[:, self.position].astype(float) > 10_000
        return np.where(odd, self.answer, 1.5)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_finite_number_is_no_answer(
    artifact: artifacts.Artifact, record: dict[str, Any], number: float
) -> None:
    field = numeric(artifact)
    columns = [column.key for column in artifact.columns if column.role != "index"]
    model = Endless(columns.index(field), number)
    client = TestClient(create_app(replaced(artifact, model), ServiceConfig()))
    assert client.post("/predict", json={"records": [record]}).status_code == 200
    answer = client.post("/predict", json={"records": [record, record | {field: 20_000}]})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "records", 1, field]


def test_two_services_in_one_process(artifact: artifacts.Artifact, record: dict[str, Any]) -> None:
    first, second = (
        TestClient(create_app(artifact, ServiceConfig(metrics=on))) for on in (True, False)
    )
    missing = record | {numeric(artifact): None}
    for client in (first, second):
        client.post("/predict", json={"records": [record, record]})
        client.post("/predict", json={"records": [missing]})
    text = first.get("/metrics").text
    assert 'served_requests_total{status="200"}' in text
    assert "served_request_seconds_count 2.0" in text
    assert second.get("/metrics").status_code == 404


def test_errors_say_nothing_of_the_inside(client: TestClient) -> None:
    for method, path in (("GET", "/predict"), ("GET", "/nothing"), ("DELETE", "/health")):
        answer = client.request(method, path)
        assert answer.status_code in (404, 405)
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_file_is_answered_as_the_service_answers(
    client: TestClient, artifact: artifacts.Artifact, record: dict[str, Any], suffix: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    rows = [record] * 3
    source, output = tmp_path / f"records{suffix}", tmp_path / "out" / f"answers{suffix}"
    if suffix == ".csv":
        pd.DataFrame(rows).to_csv(source, index=False)
    else:
        source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    predictor = Predictor(artifact)
    assert scoring.score(predictor, source, output) == 3
    wanted = client.post("/predict", json={"records": rows}).json()["predictions"]
    if suffix == ".jsonl":
        lines = output.read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == wanted
        return
    table = pd.read_csv(output)
    assert table["prediction"].tolist() == [answer["prediction"] for answer in wanted]
    for name, value in wanted[0].get("probabilities", {}).items():
        assert table[f"probability_{name}"].tolist() == pytest.approx([value] * 3)


def test_a_file_with_a_bad_record_is_refused_as_a_whole(
    artifact: artifacts.Artifact, record: dict[str, Any], tmp_path: Path
) -> None:
    field = numeric(artifact)
    source, output = tmp_path / "records.jsonl", tmp_path / "answers.csv"
    lines = [json.dumps(record), json.dumps(record | {field: "many"})]
    source.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(scoring.ScoringError, match=f"record 2: {field}: "):
        scoring.score(Predictor(artifact), source, output)
    assert [path.name for path in tmp_path.iterdir()] == ["records.jsonl"]


def test_saving_again_replaces_all(results: Results, tmp_path: Path) -> None:
    artifacts.save(results, tmp_path)
    manifest = artifacts.save(results, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {manifest.file, "manifest.json"}
    assert manifest.format == "skops"


def test_what_is_not_there_or_damaged_is_one_clear_line(results: Results, tmp_path: Path) -> None:
    with pytest.raises(artifacts.ArtifactError, match="train"):
        artifacts.load(tmp_path)
    artifacts.save(results, tmp_path)
    path = tmp_path / "manifest.json"
    for content in (
        b"",
        b"{}",
        b"\xff",
        path.read_bytes().replace(b'"predictor-', b'"../predictor-'),
    ):
        path.write_bytes(content)
        with pytest.raises(artifacts.ArtifactError) as refused:
            artifacts.load(tmp_path)
        assert "\n" not in str(refused.value)


class Odd(BaseModel):
    """A predictor that skops does not know."""

    def predict(self, frame: pd.DataFrame) -> Any:
        return np.ones(len(frame))


def test_what_skops_cannot_save_is_saved_with_joblib(
    results: Results, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    odd = Results(Odd(), results.records, results.target, None, {})
    assert artifacts.save(odd, tmp_path).format == "joblib"
    assert "joblib" in caplog.text
    assert artifacts.load(tmp_path).predictor == Odd()
    monkeypatch.setattr(artifacts, "FORMATS", ("skops",))
    with pytest.raises(artifacts.ArtifactError, match="joblib"):
        artifacts.load(tmp_path)


def test_another_version_is_a_warning(
    results: Results, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    artifacts.save(results, tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text("utf-8").replace(f'"{pd.__version__}"', '"0.1"'), "utf-8")
    artifacts.load(tmp_path)
    assert "trained with pandas 0.1" in caplog.text
    assert caplog.text.count("trained with") == 1
