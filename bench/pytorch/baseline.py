"""What the host kernel is compared with: CRL in PyTorch, loss and gradient, on the processor.

    python baseline.py [--article FILE.md] [--seconds S]
    python baseline.py --serve

Prints one line of JSON per setting. With --serve it times what it is asked for, so that another program can take
turns with it: for each line {"setting": 0, "loss": "whole loss", "seconds": 1} of its input it prints a line with
the samples, in milliseconds. "whole loss" starts from logits, as training does: softmax or sigmoid, cross
entropy, a vectorised CRL (top-k and masks, no loop over anchors), and the gradient of the logits. "L_crl alone"
is that CRL of probabilities. "cross entropy" is cross entropy from logits alone. With --article the code blocks of
the article are timed too, taken from its Markdown, at the sizes that they can handle.
Sizes and distributions are those of bench/sections/whole-loss.ts; times are medians, in milliseconds.
"""

import argparse
import json
import logging
import re
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

SETTINGS = [
    {"n": 32, "classes": 28, "kappa": 3, "multi_hot": True},
    {"n": 256, "classes": 28, "kappa": 3, "multi_hot": True},
    {"n": 1024, "classes": 100, "kappa": 25, "multi_hot": False},
    {"n": 1024, "classes": 1000, "kappa": 5, "multi_hot": False},
    {"n": 4096, "classes": 1000, "kappa": 25, "multi_hot": False},
]
ALPHA = 0.5
# The article's code takes minutes for more scores than this.
ARTICLE_UP_TO = 200_000


def draw(setting, generator):
    """Logits, rows of 0 and 1, and class indices where samples have one label."""
    n, classes = setting["n"], setting["classes"]
    logits = 2 * torch.randn(n, classes, generator=generator)
    target = torch.zeros(n, classes)
    for row in target:
        for _ in range(int(torch.randint(1, 3, (1,), generator=generator)) if setting["multi_hot"] else 1):
            row[int(classes * torch.rand(1, generator=generator) ** 2)] = 1
    return logits, target, target.argmax(1)


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
    """L_crl of the article's code, which is read from its Markdown."""
    with open(path) as file:
        blocks = re.findall(r"```python\n(.*?)```", file.read(), re.S)
    wanted = ("class TripletLoss", "def get_minority_classes")
    names = {"torch": torch, "nn": nn, "F": F, "logging": logging}
    exec("\n".join(block for block in blocks if any(name in block for name in wanted)), names)
    logging.disable()
    loss = names["IncrementalClassRectificationLoss"](0.5, 0.5, setting["n"], setting["kappa"], sigmoid=False)
    return lambda scores, target, _: loss(scores, target, None)


def losses_of(setting):
    """The functions to time, with what turns logits into their input."""
    kappa, multi_hot = setting["kappa"], setting["multi_hot"]
    probabilities = torch.sigmoid if multi_hot else lambda z: torch.softmax(z, 1)

    def cross_entropy(logits, target, classes):
        if not multi_hot:
            return F.cross_entropy(logits, classes)
        return F.binary_cross_entropy_with_logits(logits, target, reduction="sum") / len(logits)

    def whole(logits, target, classes):
        crl = vectorised(probabilities(logits), target, kappa)
        return ALPHA * crl + (1 - ALPHA) * cross_entropy(logits, target, classes)

    return {
        "whole loss": (whole, lambda z: z),
        "L_crl alone": (lambda p, target, _: vectorised(p, target, kappa), probabilities),
        "cross entropy": (cross_entropy, lambda z: z),
    }


def milliseconds(loss, batches, seconds):
    """How long steps take, each on the next batch, until the time is up."""

    def step(scores, *labels):
        scores = scores.detach().requires_grad_()
        loss(scores, *labels).backward()

    step(*batches[0])
    samples, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(samples) < 5:
        start = time.perf_counter()
        step(*batches[len(samples) % len(batches)])
        samples.append(1000 * (time.perf_counter() - start))
    return samples


def batches_of(setting, generator):
    """64 batches, or 16 where they are large, as in bench/batches.ts."""
    return [draw(setting, generator) for _ in range(64 if setting["n"] * setting["classes"] < 2e6 else 16)]


def engine():
    """What the times were taken with."""
    return {"torch": torch.__version__, "threads": torch.get_num_threads()}


def serve(generator):
    """Times what each line of the input asks for."""
    drawn = {}
    for line in sys.stdin:
        asked = json.loads(line)
        at = asked["setting"]
        if at not in drawn:
            drawn.clear()  # the largest batches of one setting fill a quarter of a gigabyte
            drawn[at] = batches_of(SETTINGS[at], generator)
        loss, prepare = losses_of(SETTINGS[at])[asked["loss"]]
        batches = [(prepare(logits), *labels) for logits, *labels in drawn[at]]
        found = milliseconds(loss, batches, asked["seconds"])
        print(json.dumps({"samples": found, **engine()}), flush=True)


def main():
    """Reads the command line, and prints a line for each setting."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--article")
    parser.add_argument("--seconds", type=float, default=5, help="for each function and size")
    parser.add_argument("--serve", action="store_true", help="time what standard input asks for")
    asked = parser.parse_args()
    generator = torch.Generator().manual_seed(1)
    if asked.serve:
        serve(generator)
        return
    for setting in SETTINGS:
        drawn = batches_of(setting, generator)
        losses = losses_of(setting)
        if asked.article and setting["n"] * setting["classes"] <= ARTICLE_UP_TO:
            losses["article, L_crl alone"] = (article_loss(asked.article, setting), losses["L_crl alone"][1])
        found = {}
        for name, (loss, prepare) in losses.items():
            batches = [(prepare(logits), *labels) for logits, *labels in drawn]
            samples = sorted(milliseconds(loss, batches, asked.seconds))
            found[name] = {"milliseconds": samples[len(samples) // 2], "samples": len(samples)}
        print(json.dumps({**setting, **engine(), **found}), flush=True)


if __name__ == "__main__":
    main()
