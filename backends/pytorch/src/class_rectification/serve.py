"""Answers the property suite: ``crl verify --command "python -m class_rectification.serve"``.

What is judged is :class:`ClassRectificationLoss` as users import it: ``balancedLoss`` and ``train`` call
``forward`` and ``backward``; the stages before are those that ``forward`` runs.
"""

from __future__ import annotations

import argparse
import base64
import functools
import json
import math
import platform
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from class_rectification.comparisons import rectification_loss
from class_rectification.errors import InputRangeError
from class_rectification.loss import ClassRectificationLoss
from class_rectification.serve_replicas import Answer, Replicas
from class_rectification.walk import HardSamples

Json = dict[str, Any]
PROTOCOL = 1


def main() -> None:
    """Reads questions from standard input until it ends, one a line, and answers each with a line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--precision", choices=("float32", "float64"), default="float64")
    parser.add_argument("--device", default="cpu", help="where to compute, such as cuda")
    parser.add_argument("--compile", action="store_true", help="judge the module under torch.compile")
    asked = parser.parse_args()
    torch.set_num_threads(1)  # batches of the suite are small
    answers = sys.stdout
    sys.stdout = sys.stderr  # what is printed must not stand among the answers
    server = Server(asked.precision, asked.device, asked.compile)
    for line in sys.stdin:
        question = json.loads(line)
        if question["ask"] == "goodbye":
            break
        try:
            answer: Json = {"id": question["id"], "result": server.answer(question)}
        except Exception as error:  # it is reported, whatever it is
            answer = {"id": question["id"], "error": {"name": type(error).__name__, "message": str(error)}}
        print(json.dumps(answer, allow_nan=False), file=answers, flush=True)


class Server:
    """Answers questions about one backend."""

    def __init__(self, precision: str, device: str, compiled: bool) -> None:
        """Remembers how to compute."""
        self.precision = precision
        self.dtype = torch.float64 if precision == "float64" else torch.float32
        self.device = torch.device(device)
        self.compiled = compiled
        self._replicas: Replicas | None = None

    def answer(self, question: Json) -> Json | list[Json]:
        """The result of one question."""
        ask: dict[str, Callable[[Json], Json | list[Json]]] = {
            "hello": self.hello,
            "selectMinority": self.select_minority,
            "mineHardSamples": self.mine_hard_samples,
            "rectificationLoss": self.rectification_loss,
            "balancedLoss": self.balanced_loss,
            "train": self.train,
            "lossOnReplicas": self.loss_on_replicas,
        }
        if question["ask"] not in ask:
            raise InputRangeError("value-invalid", "ask", f"one of {', '.join([*ask, 'goodbye'])}", question["ask"])
        return ask[question["ask"]](question)

    def hello(self, question: Json) -> Json:
        """What this backend can do."""
        if question["protocol"] != PROTOCOL:
            raise InputRangeError("value-invalid", "protocol", str(PROTOCOL), question["protocol"])
        return {
            "protocol": PROTOCOL,
            "name": "pytorch",
            "language": f"python {platform.python_version()}",
            "supports": {
                "encodings": ["categorical", "multi-label", "one-attribute"],
                "levels": ["class", "instance"],
                "comparisons": ["relative", "absolute", "distribution"],
                "anchors": ["all", "easy"],
                "gradient": True,
                "precision": self.precision,
                "perSample": True,
                "sharding": "global" if self._knows_replicas() else "none",
                "missing": {"formTriplets": "sums over sorted lists; it never lists the triplets"},
            },
            "answers": [
                *("selectMinority", "mineHardSamples", "rectificationLoss", "train"),
                *(["lossOnReplicas"] if self._knows_replicas() else []),
            ],
        }

    def select_minority(self, question: Json) -> Json:
        """Eq. 3."""
        loss, scores, labels, features = self._given(question)
        found = loss.statistics(scores, labels, features)
        return {"profile": found.profile, "minority": found.minority}

    def mine_hard_samples(self, question: Json) -> Json:
        """Eq. 4 to 7."""
        loss, scores, labels, features = self._given(question)
        compared = scores if features is None else features
        _, _, hard = loss._mine(loss._columns(self.device), compared, labels, scores)
        columns = hard.column.tolist()
        rows = zip(
            columns,
            hard.sample.tolist(),
            _lists(hard.positives, hard.has_positive),
            _lists(hard.negatives, hard.has_negative),
        )
        schema = loss.schema
        return {
            "anchors": [
                {
                    "sample": sample,
                    "attribute": schema.column_attribute[column],
                    "class": schema.column_class[column],
                    "positives": positives,
                    "negatives": negatives,
                }
                for column, sample, positives, negatives in rows
            ]
        }

    def rectification_loss(self, question: Json) -> Json:
        """Eq. 9, 13 or 16 of the hard samples that are given."""
        loss, scores, _, features = self._given(question)
        hard = self._hard(loss, question["hard"]["anchors"])
        compared = (scores if features is None else features).requires_grad_()
        value = rectification_loss(loss._pairs(loss._columns(self.device), compared, hard), loss.options)
        value.backward()
        return {"loss": _number(value), "gradient": _wire(_slope(compared))}

    def balanced_loss(self, question: Json) -> Json:
        """The whole walk, as users call it."""
        loss, scores, labels, features = self._given(question)
        scores.requires_grad_()
        if features is not None:
            features.requires_grad_()
        value = self._module(loss)(scores, labels, features)
        value.backward()
        with torch.no_grad():
            found = loss.statistics(scores, labels, features)
            parts = [_number(loss(scores, labels, features, alpha=alpha)) for alpha in (1.0, 0.0)]
        answer = {
            "loss": _number(value),
            "rectification": parts[0],
            "crossEntropy": parts[1],
            "gradient": _wire(_slope(scores)),
            "statistics": vars(found),
        }
        return answer if features is None else {**answer, "featureGradient": _wire(_slope(features))}

    def train(self, question: Json) -> Json:
        """A step of training, after others with the same loss, and beside another loss if that is asked for."""
        training, batch = question["training"], question["batch"]
        alpha, options = question["options"]["alpha"], question["options"]
        weights = self._numbers(training["weights"]) if "weights" in training else None
        made = {**options, "alpha": training["madeAt"]}
        step = Step(self, batch, made, "mean" if weights is None else "none")
        beside = training.get("beside")
        other = None if beside is None else Step(self, beside["batch"], beside["options"], "mean")
        if other is not None and beside.get("sameLoss"):
            other.module = step.module
        for earlier in training["before"]:
            step.of(earlier, 1 - alpha).mean().backward()
            with torch.no_grad():
                step.of(earlier, 1 - alpha)
        answer: Json = {}
        if training["evaluated"]:
            with torch.no_grad():
                answer["evaluated"] = _number(step.of(batch, alpha).mean())
        if other is not None:
            other.of(other.batch, None).mean().backward()
        value = step.of(batch, alpha)
        total = value if weights is None else (weights * value).mean()
        together = total if other is None else total + other.of(other.batch, None).mean()
        together.backward(torch.full_like(together, training["upstream"]))
        answer |= {"loss": _number(total), **step.gradients()}
        if weights is not None:
            answer["sampleLosses"] = _wire(value)
        if other is not None:
            answer["beside"] = {"loss": _number(other.value.mean()), **other.gradients()}
        return answer

    def loss_on_replicas(self, question: Json) -> list[Json]:
        """What each replica returns, by the module with ``group=`` in processes of their own."""
        if self._replicas is None:
            self._replicas = Replicas(functools.partial(_replica, self.precision))
        return self._replicas.ask(question)

    def loss_on_replica(self, question: Json, group: dist.ProcessGroup) -> Json:
        """What this process returns for its shard."""
        scores, labels, features = self._tensors(question["batch"], question["options"])
        weights = self._numbers(question["weights"]) if "weights" in question else None
        scores.requires_grad_()
        if features is not None:
            features.requires_grad_()
        loss = self._loss(question["batch"], question["options"], group=group, averaging=question["averaging"])
        value = loss(scores, labels, features, sample_weight=weights)
        value.backward()
        answer = {"loss": _number(value), "gradient": _wire(_slope(scores))}
        return answer if features is None else {**answer, "featureGradient": _wire(_slope(features))}

    def _knows_replicas(self) -> bool:
        """Replicas compute on the CPU, where torch has gloo."""
        return self.device.type == "cpu" and dist.is_available() and dist.is_gloo_available()

    def _module(self, loss: ClassRectificationLoss) -> Any:
        return torch.compile(loss, fullgraph=True) if self.compiled else loss

    def _given(self, question: Json) -> tuple[ClassRectificationLoss, Tensor, Tensor, Tensor | None]:
        batch, options = question["batch"], question["options"]
        return self._loss(batch, options), *self._tensors(batch, options)

    def _loss(self, batch: Json, options: Json, reduction: Any = "mean", **more: Any) -> ClassRectificationLoss:
        return ClassRectificationLoss(
            batch["attributes"],
            encoding=batch["encoding"],
            from_logits=batch["fromLogits"],
            alpha=options.get("alpha", 1.0),
            rho=options["rho"],
            kappa=options["kappa"],
            level=options["level"],
            comparison=options["comparison"],
            anchors=options.get("anchors", "all"),
            margin=options["margin"],
            bins=options["bins"],
            range=tuple(options["range"]),
            reduction=reduction,
            check="never",
            **more,
        )

    def _tensors(self, batch: Json, options: Json) -> tuple[Tensor, Tensor, Tensor | None]:
        labels = _array(batch["labels"]).to(self.device)
        given = batch.get("scores")
        width = len(batch["attributes"]) if batch["encoding"] == "multi-label" else sum(batch["attributes"])
        # at instance level a batch may have no scores
        none = torch.full((batch["size"], width), torch.nan, dtype=self.dtype, device=self.device)
        scores = none if given is None else self._numbers(given)
        features = batch.get("features") if options["level"] == "instance" else None
        return scores, labels, None if features is None else self._numbers(features)

    def _numbers(self, array: Json) -> Tensor:
        return _array(array).to(self.device, self.dtype)

    def _hard(self, loss: ClassRectificationLoss, anchors: list[Json]) -> HardSamples:
        places = dict(zip(zip(loss.schema.column_attribute, loss.schema.column_class), range(10**9)))
        column = [places[anchor["attribute"], anchor["class"]] for anchor in anchors]

        def padded(key: str) -> tuple[Tensor, Tensor]:
            longest = max((len(anchor[key]) for anchor in anchors), default=0)
            rows = [anchor[key] + [0] * (longest - len(anchor[key])) for anchor in anchors]
            there = [[k < len(anchor[key]) for k in range(longest)] for anchor in anchors]
            shape = (len(anchors), longest)
            return (
                torch.tensor(rows, dtype=torch.long, device=self.device).reshape(shape),
                torch.tensor(there, dtype=torch.bool, device=self.device).reshape(shape),
            )

        samples = torch.tensor([anchor["sample"] for anchor in anchors], dtype=torch.long, device=self.device)
        columns = torch.tensor(column, dtype=torch.long, device=self.device)
        valid = torch.ones_like(samples, dtype=torch.bool)
        return HardSamples(columns, samples, valid, *padded("positives"), *padded("negatives"))


def _replica(precision: str) -> Answer:
    return Server(precision, "cpu", False).loss_on_replica


class Step:
    """A loss that is stepped, with the leaves of its latest step."""

    def __init__(self, server: Server, batch: Json, options: Json, reduction: str) -> None:
        """Makes the loss."""
        self.server, self.batch, self.options = server, batch, options
        self.module = server._module(server._loss(batch, options, reduction))

    def of(self, batch: Json, alpha: float | None) -> Tensor:
        """The loss of a batch, as a function of new leaves."""
        self.scores, labels, self.features = self.server._tensors(batch, self.options)
        self.scores.requires_grad_()
        if self.features is not None:
            self.features.requires_grad_()
        value: Tensor = self.module(self.scores, labels, self.features, alpha=alpha)
        self.value = value
        return value

    def gradients(self) -> Json:
        """The gradients of the latest step."""
        answer: Json = {"gradient": _wire(_slope(self.scores))}
        if self.features is not None:
            answer["featureGradient"] = _wire(_slope(self.features))
        return answer


def _number(value: Tensor) -> float | str:
    """JSON has no NaN and no infinity: those are sent as text."""
    number = value.item()
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _array(wire: Json) -> Tensor:
    data = np.frombuffer(base64.b64decode(wire["data"]), dtype=np.dtype(wire["dtype"]).newbyteorder("<"))
    return torch.from_numpy(data.astype(wire["dtype"]).reshape(wire["shape"]))


def _wire(tensor: Tensor) -> Json:
    array = tensor.detach().cpu().numpy()
    data = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
    return {"dtype": array.dtype.name, "shape": list(array.shape), "data": base64.b64encode(data).decode()}


def _slope(tensor: Tensor) -> Tensor:
    gradient: Tensor | None = tensor.grad
    return torch.zeros_like(tensor) if gradient is None else gradient


def _lists(samples: Tensor, there: Tensor) -> list[list[int]]:
    return [row[:count] for row, count in zip(samples.tolist(), there.sum(1).tolist(), strict=True)]


if __name__ == "__main__":
    main()
