import base64
import json
import subprocess
import sys

import numpy as np


def test_an_unknown_question_and_another_protocol_are_refused_by_name():
    asked = [{"ask": "hello", "protocol": 1}, {"ask": "hello", "protocol": 2}, {"ask": "nope"}, {"ask": "goodbye"}]
    lines = "".join(json.dumps({"id": i, **question}) + "\n" for i, question in enumerate(asked))
    command = [sys.executable, "-m", "class_rectification.serve"]
    run = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, timeout=300)
    right, protocol, unknown = map(json.loads, run.stdout.splitlines())
    assert right["result"]["protocol"] == 1
    assert protocol["error"]["message"] == "protocol: expected 1, got 2"
    assert unknown["error"]["message"].startswith("ask: expected one of hello, selectMinority, ")
    assert unknown["error"]["message"].endswith(", goodbye, got nope")


def test_as_many_replicas_are_started_as_a_question_needs():
    def array(rows, dtype):
        numbers = np.array(rows, dtype)
        data = base64.b64encode(numbers.tobytes()).decode()
        return {"dtype": numbers.dtype.name, "shape": list(numbers.shape), "data": data}

    def question(replicas):
        batch = {"attributes": [2], "encoding": "categorical", "fromLogits": True}
        rows = [
            {"labels": array([[r % 2]], np.int32), "scores": array([[0.5, 1.0]], float)} for r in range(replicas)
        ]
        return {
            "ask": "lossOnReplicas",
            "shards": [{**batch, **row, "size": 1} for row in rows],
            "options": {
                **{"rho": 0.5, "kappa": 1, "level": "class", "comparison": "relative", "bins": 5},
                **{"margin": [0.5], "range": [-1, 1], "alpha": 0.5},
            },
            "averaging": "average",
        }

    with subprocess.Popen(
        [sys.executable, "-m", "class_rectification.serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        for id, replicas in enumerate([2, 8, 3, 12]):
            server.stdin.write(json.dumps({"id": id, **question(replicas)}) + "\n")
            server.stdin.flush()
            answer = json.loads(server.stdout.readline())
            assert "result" in answer, answer
            assert len(answer["result"]) == replicas
        server.stdin.write(json.dumps({"id": 9, "ask": "goodbye"}) + "\n")
        server.stdin.close()
        assert server.wait(timeout=60) == 0
