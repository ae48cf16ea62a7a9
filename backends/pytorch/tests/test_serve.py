import json
import subprocess
import sys


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
