"""What the host kernel is compared with: CRL in PyTorch, loss and gradient, on the processor.

    python baseline.py [--article FILE.md]

Prints one line of JSON a setting: a vectorised CRL (top-k and masks, no loop over anchors), and binary
cross entropy alone. With --article it times the code blocks of the article too, taken from its Markdown.
Sizes and distributions are those of bench/sections/loss.ts; times are medians, in milliseconds.
"""

import argparse
import json
import logging
import re
import time

import torch
import torch.nn as nn  # noqa: F401, the article's code needs it
import torch.nn.functional as F

SETTINGS = [
    {"n": 32, "classes": 28, "kappa": 3, "multi_hot": True, "seconds": 3},
    {"n": 1024, "classes": 100, "kappa": 25, "multi_hot": False, "seconds": 10},
]
BATCHES = 64


def draw(setting, kind, generator):
    n, classes = setting["n"], setting["classes"]
    scores = torch.rand(n, classes, generator=generator)
    if kind == "softmax":
        scores = torch.softmax(2 * torch.randn(n, classes, generator=generator), 1)
    target = torch.zeros(n, classes)
    for row in target:
        for _ in range(int(torch.randint(1, 3, (1,), generator=generator)) if setting["multi_hot"] else 1):
            row[int(classes * torch.rand(1, generator=generator) ** 2)] = 1
    return scores, target


def vectorised(scores, target, kappa, rho=0.5, margin=0.5):
    """Eq. 3 to 5, 9 and 10 at class level: every anchor, positive and negative at once."""
    n = len(scores)
    sizes = target.sum(0)
    order = torch.argsort(sizes, stable=True)
    minority = order[sizes[order].cumsum(0) <= rho * n]
    minority = minority[sizes[minority] > 1]
    if len(minority) == 0:
        return scores.sum() * 0
    members, own = target[:, minority] > 0, scores[:, minority]
    with torch.no_grad():
        low, positives = torch.topk(torch.where(members, own, torch.inf), min(kappa + 1, n), 0, largest=False)
        high, negatives = torch.topk(torch.where(members, -torch.inf, own), min(kappa, n), 0)
    anchors, column = torch.nonzero(members, as_tuple=True)
    of_anchor = own[anchors, column][:, None]
    wanted = torch.isfinite(low)[:, column].t() & (positives[:, column].t() != anchors[:, None])
    wanted &= wanted.cumsum(1) <= kappa
    near = (of_anchor - torch.gather(own, 0, positives)[:, column].t()).abs()
    far = of_anchor - torch.gather(own, 0, negatives)[:, column].t()
    triplets = wanted[:, :, None] & torch.isfinite(high)[:, column].t()[:, None, :]
    return (torch.relu(margin + near[:, :, None] - far[:, None, :]) * triplets).sum() / triplets.sum()


def article_loss(path, setting):
    with open(path) as file:
        blocks = re.findall(r"```python\n(.*?)```", file.read(), re.S)
    wanted = ("class TripletLoss", "def get_minority_classes")
    names = {"torch": torch, "nn": nn, "F": F, "logging": logging}
    exec("\n".join(block for block in blocks if any(name in block for name in wanted)), names)
    logging.disable()
    loss = names["IncrementalClassRectificationLoss"](0.5, 0.5, setting["n"], setting["kappa"], sigmoid=False)
    return lambda scores, target: loss(scores, target, None)


def milliseconds(loss, batches, seconds):
    def step(scores, target):
        scores = scores.detach().requires_grad_()
        loss(scores, target).backward()

    step(*batches[0])
    samples, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(samples) < 5:
        start = time.perf_counter()
        step(*batches[len(samples) % len(batches)])
        samples.append(1000 * (time.perf_counter() - start))
    return {"milliseconds": sorted(samples)[len(samples) // 2], "samples": len(samples)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--article")
    asked = parser.parse_args()
    generator = torch.Generator().manual_seed(1)
    for setting in SETTINGS:
        for kind in ("uniform", "softmax"):
            batches = [draw(setting, kind, generator) for _ in range(BATCHES)]
            losses = {
                "vectorised": lambda s, t: vectorised(s, t, setting["kappa"]),
                "cross entropy": F.binary_cross_entropy_with_logits,
            }
            if asked.article:
                losses["article"] = article_loss(asked.article, setting)
            found = {name: milliseconds(loss, batches, setting["seconds"]) for name, loss in losses.items()}
            shown = {key: setting[key] for key in ("n", "classes", "kappa")}
            print(json.dumps({**shown, "scores": kind, "torch": torch.__version__, **found}), flush=True)


if __name__ == "__main__":
    main()
