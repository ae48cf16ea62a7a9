"""Trains a small net with CRL in tfjs and in PyTorch, and compares the losses step by step.

    npm ci && npm run build && python bench/pytorch/parity.py

Both start from the same weights, see the same batches, and take 100 steps of gradient descent in float32. Prints
one line per setting, and exits with 1 if a loss differs by more than rounding explains. The optimizer is plain
gradient descent because Adam divides by the root of a mean square: where a gradient is almost 0, that turns a
difference in the last digit into a step of full length.

How much rounding explains: u = 2⁻²⁴ is the largest relative error of one float32 operation, and k the number of
terms of all sums that a loss passes through, so that a loss or a gradient has a relative error of up to γ = k·u.
Two trainings differ, after a step, by at most what they differed before, plus what this step rounds:
rate·γ·‖gradient‖, and u·‖weights‖ where the step is added to the weights. (Gradient descent brings neighbours no
farther apart where its rate is below 2/curvature, as here.) The losses then differ by ‖gradient‖ times the
difference of the weights, and by their own rounding γ·|L|. Both engines round, so everything counts twice. Left out
is that rounding may choose another hard sample where two scores are almost equal, which does not happen in these
batches.
"""

import base64
import dataclasses
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

from class_rectification import ClassRectificationLoss

HERE = Path(__file__).parent
UNIT_ROUNDOFF = 2.0**-24


@dataclasses.dataclass(frozen=True)
class Setting:
    """A net of one hidden layer, its data and its loss.

    Attributes:
        engine: The engine of tfjs.
        instance: Whether hidden activations are compared, or scores.
    """

    engine: str = "wasm"
    seed: int = 1
    steps: int = 100
    rate: float = 0.125
    samples: int = 48
    inputs: int = 12
    hidden: int = 16
    encoding: str = "categorical"
    attributes: tuple[int, ...] = (5,)
    instance: bool = False
    comparison: str = "relative"
    alpha: float = 0.4
    kappa: int = 3

    @property
    def longest_sums(self) -> int:
        """The terms of all sums on the way from the inputs to the loss, or back: k."""
        triplets = len(self.attributes) * self.samples // 2 * self.kappa**2
        return self.inputs + self.hidden + max(self.attributes) + self.samples + triplets


SETTINGS = {
    "categorical": Setting(),
    "categorical, cpu": Setting(engine="cpu"),
    "multi-label": Setting(encoding="multi-label", attributes=(2, 2, 2, 2)),
    "instance level": Setting(instance=True, comparison="absolute"),
}


@dataclasses.dataclass(frozen=True)
class Recipe:
    """What tfjs started from, and the losses that it found."""

    weights: list[torch.Tensor]
    batches: list[tuple[torch.Tensor, torch.Tensor]]
    losses: list[float]


@dataclasses.dataclass(frozen=True)
class Training:
    """What PyTorch found in each step: L, L_crl, and the largest difference from tfjs that rounding explains."""

    losses: list[float]
    rectification: list[float]
    allowed: list[float]


def in_tfjs(setting):
    """Trains in tfjs."""
    given = json.dumps(dataclasses.asdict(setting))
    run = subprocess.run(["node", HERE / "parity.mjs", given], stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(run.stdout)
    batches = [(_tensor(batch["x"]), _tensor(batch["y"])) for batch in told["batches"]]
    return Recipe([_tensor(each) for each in told["weights"]], batches, told["losses"])


def in_pytorch(setting, recipe, dtype=torch.float32):
    """Repeats the training in PyTorch."""
    loss = ClassRectificationLoss(
        len(setting.attributes) if setting.encoding == "multi-label" else setting.attributes,
        encoding=setting.encoding,
        alpha=setting.alpha,
        kappa=setting.kappa,
        level="instance" if setting.instance else "class",
        comparison=setting.comparison,
    )
    weights = [each.to(dtype, copy=True).requires_grad_() for each in recipe.weights]
    w1, b1, w2, b2 = weights
    optimizer = torch.optim.SGD(weights, setting.rate)
    rounding = setting.longest_sums * UNIT_ROUNDOFF
    found, apart = Training([], [], []), 0.0
    for x, y in recipe.batches:
        features = torch.tanh(x.to(dtype) @ w1 + b1)
        target = y.long() if setting.encoding == "multi-label" else y.argmax(1)
        given = (features @ w2 + b2, target, *([features] if setting.instance else []))
        with torch.no_grad():
            found.rectification.append(loss(*given, alpha=1.0).item())
        optimizer.zero_grad()
        value = loss(*given)
        value.backward()
        gradient = _norm(each.grad for each in weights)
        found.losses.append(value.item())
        found.allowed.append(2 * (rounding * abs(value.item()) + gradient * apart))
        optimizer.step()
        apart += setting.rate * rounding * gradient + UNIT_ROUNDOFF * _norm(weights)
    return found


def worst(losses, others, allowed):
    """The largest difference of two trainings as a share of what is allowed in its step, the step, and it."""
    differences = [abs(one - other) for one, other in zip(losses, others, strict=True)]
    shares = [each / most for each, most in zip(differences, allowed, strict=True)]
    step = shares.index(max(shares))
    return shares[step], step, differences[step]


def _norm(tensors):
    return math.sqrt(sum(each.detach().square().sum().item() for each in tensors))


def _tensor(wire):
    numbers = np.frombuffer(base64.b64decode(wire["data"]), "<f4").astype(np.float32)
    return torch.from_numpy(numbers.reshape(wire["shape"]))


def main():
    """Prints a line for each setting."""
    right = True
    for name, setting in SETTINGS.items():
        recipe = in_tfjs(setting)
        found = in_pytorch(setting, recipe)
        share, step, difference = worst(recipe.losses, found.losses, found.allowed)
        right &= share <= 1
        print(
            f"{name}: loss {found.losses[0]:.4f} to {found.losses[-1]:.4f}, largest difference {difference:.2g} "
            f"in step {step}, {share:.2g} of what rounding explains"
        )
    sys.exit(not right)


if __name__ == "__main__":
    main()
