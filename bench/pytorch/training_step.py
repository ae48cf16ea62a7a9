"""Training steps in PyTorch, timed beside those of the engines of tfjs by `npm run bench:step`.

Reads requests from its input, one line of JSON each, and answers each on its output: see
bench/training-step/settings.ts. Nets, loss and optimiser are those of `crl train`: the convolutional net with
'same' padding, the residual net, Adam, and the CRL of backends/pytorch.
"""

import json
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from class_rectification import ClassRectificationLoss


def conv_net(channels: int, classes: int, pixels: int, filters: list[int], hidden: int) -> nn.Module:
    """Convolutions of 3×3, each with a max pooling by 2; a hidden layer; logits."""
    layers: list[nn.Module] = []
    for count in filters:
        layers += [nn.Conv2d(channels, count, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)]
        channels, pixels = count, (pixels + 1) // 2
    layers += [nn.Flatten(), nn.Linear(channels * pixels**2, hidden), nn.ReLU(), nn.Linear(hidden, classes)]
    return nn.Sequential(*layers)


class Block(nn.Module):
    """A basic residual block, with a projection where the shape changes."""

    def __init__(self, before: int, count: int, stride: int) -> None:
        """Makes the layers."""
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(before, count, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(count),
            nn.ReLU(),
            nn.Conv2d(count, count, 3, padding=1, bias=False),
            nn.BatchNorm2d(count),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or before != count:
            self.shortcut = nn.Sequential(nn.Conv2d(before, count, 1, stride, bias=False), nn.BatchNorm2d(count))

    def forward(self, x: Tensor) -> Tensor:
        """The branch and the shortcut, added."""
        return torch.relu(self.branch(x) + self.shortcut(x))


def residual_net(channels: int, classes: int, filters: list[int], blocks: int) -> nn.Module:
    """A stem, a stage of blocks for each of the filters, global average pooling, logits."""
    before = filters[0]
    layers: list[nn.Module] = [
        nn.Conv2d(channels, before, 3, padding=1, bias=False),
        nn.BatchNorm2d(before),
        nn.ReLU(),
    ]
    for stage, count in enumerate(filters):
        for block in range(blocks):
            layers.append(Block(before, count, 2 if stage > 0 and block == 0 else 1))
            before = count
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, classes))


def step_of(setting: dict, loss: str) -> Callable[[], Tensor]:
    """A step on a fixed batch, which gives its loss."""
    generator = torch.Generator().manual_seed(9)
    batch, pixels, channels, classes = (setting[name] for name in ("batch", "pixels", "channels", "classes"))
    model = setting["model"]
    if model["kind"] == "conv":
        net = conv_net(channels, classes, pixels, model["filters"], model["hidden"])
    else:
        net = residual_net(channels, classes, model["filters"], model["blocks"])
    images = torch.rand(batch, channels, pixels, pixels, generator=generator)
    labels = (classes * torch.rand(batch, generator=generator) ** 2).long()
    crl = ClassRectificationLoss(classes, alpha=0.1)
    loss_of = crl if loss == "crl" else nn.functional.cross_entropy
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)

    def step() -> Tensor:
        optimizer.zero_grad()
        value = loss_of(net(images), labels)
        value.backward()
        optimizer.step()
        return value.detach()

    return step


def take(count: int, step: Callable[[], Tensor]) -> dict:
    """Times of some steps in milliseconds, and the loss of the last one."""
    wall, value = [], torch.tensor(torch.nan)
    processor = time.process_time()
    for _ in range(count):
        began = time.perf_counter()
        value = step()
        wall.append(1000 * (time.perf_counter() - began))
    return {"wall": wall, "processor": 1000 * (time.process_time() - processor), "loss": value.item()}


def main() -> None:
    """Answers a line with a line."""
    steps: dict[str, Callable[[], Tensor]] = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "setting" in request:
            steps[request["loss"]] = step_of(request["setting"], request["loss"])
            answer: dict = {"about": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}
        else:
            answer = take(request["steps"], steps[request["loss"]])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
