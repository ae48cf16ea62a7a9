"""Times the PyTorch package beside a vectorised CRL and the article's code, in turn in one process.

    python compare.py [--article FILE.md] [--seconds S] [--threads N ...]

Prints one line of JSON per setting and number of threads. The losses take turns, so that the load of the machine
falls on all of them alike: a turn is forward and backward of up to 8 batches, the same for every loss, and its time
is the median of theirs. A ratio is the median, over the turns, of another loss's time divided by ours; its interval
holds the middle half of the turns. "whole loss" and "article, L_crl alone" are those of baseline.py; ours is always
the whole loss, from logits. `processor` is processor time, which other programs disturb least; `wall` is wall-clock
time. Times are medians in milliseconds.
"""

import argparse
import json
import os
import platform
import statistics
import time

import baseline
import torch

from class_rectification import ClassRectificationLoss

SETTINGS = [baseline.SETTINGS[0], baseline.SETTINGS[2]]
A_TURN = 8
SECONDS_OF_A_TURN = 0.5
WARM_UP = 2
"""Turns that are not counted; the package checks the values of its first 10 batches."""
CLOCKS = {"processor": time.process_time, "wall": time.perf_counter}


def losses_of(setting, article):
    """Functions of logits, rows of 0 and 1, and class indices."""
    multi_hot = setting["multi_hot"]
    module = ClassRectificationLoss(
        setting["classes"],
        encoding="one-attribute" if multi_hot else "categorical",
        alpha=baseline.ALPHA,
        kappa=setting["kappa"],
    )
    named = baseline.losses_of(setting)
    losses = {
        "class-rectification": lambda logits, rows, classes: module(logits, rows if multi_hot else classes),
        "vectorised": named["whole loss"][0],
    }
    if article:
        losses["article, L_crl alone"] = baseline.article_loss(article, setting)
    prepare = {"article, L_crl alone": named["L_crl alone"][1]}
    return losses, prepare


def turn(loss, batches):
    """The median milliseconds of a step, by clock."""
    taken, end = [], time.perf_counter() + SECONDS_OF_A_TURN
    for given, *labels in batches:
        scores = given.detach().requires_grad_()
        start = {name: clock() for name, clock in CLOCKS.items()}
        loss(scores, *labels).backward()
        taken.append({name: 1000 * (clock() - start[name]) for name, clock in CLOCKS.items()})
        if time.perf_counter() > end:
            break
    return {name: statistics.median(each[name] for each in taken) for name in CLOCKS}


def compare(setting, article, seconds, generator):
    """Times of all losses, and how many times as long as ours the others take."""
    losses, prepare = losses_of(setting, article)
    samples = {name: [] for name in losses}
    end, turns = time.perf_counter() + seconds, 0
    while time.perf_counter() < end or turns < WARM_UP + 5:
        batches = [baseline.draw(setting, generator) for _ in range(A_TURN)]
        for name, loss in losses.items():
            ready = prepare.get(name, torch.clone)
            taken = turn(loss, [(ready(logits), *labels) for logits, *labels in batches])
            if turns >= WARM_UP:
                samples[name].append(taken)
        turns += 1
    ours = samples["class-rectification"]
    found = {"turns": len(ours)}
    for name, each in samples.items():
        found[name] = {clock: round(statistics.median(s[clock] for s in each), 4) for clock in CLOCKS}
        if each is ours:
            continue
        for clock in CLOCKS:
            ratios = [other[clock] / own[clock] for other, own in zip(each, ours, strict=True)]
            low, middle, high = statistics.quantiles(ratios, n=4)
            found[name][f"times as long by {clock}"] = [round(ratio, 2) for ratio in (middle, low, high)]
    return found


def machine():
    """What the numbers were taken on."""
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), model)
    load = [round(each, 1) for each in os.getloadavg()] if hasattr(os, "getloadavg") else None
    return {"cpu": model, "cores": os.cpu_count(), "load": load, "torch": torch.__version__}


def main():
    """Reads the command line, and prints the lines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--article", help="the article's Markdown, whose code is timed too")
    parser.add_argument("--seconds", type=float, default=20, help="for each setting and number of threads")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    asked = parser.parse_args()
    for threads in asked.threads:
        torch.set_num_threads(threads)
        for setting in SETTINGS:
            found = compare(setting, asked.article, asked.seconds, torch.Generator().manual_seed(1))
            print(json.dumps({**setting, "threads": threads, **machine(), **found}), flush=True)


if __name__ == "__main__":
    main()
