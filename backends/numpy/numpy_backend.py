"""The backend numpy-backend of the Class Rectification Loss, in Python with numpy.

It passes the property suite as it stands:

    crl verify --command "python numpy_backend.py"

Replace one stage, verify, and continue with the next. A stage that you do not have goes into
``supports["missing"]`` with a reason, and out of ``ANSWERS``.

It reads one question per line of standard input and writes one answer per line of standard output, as
docs/protocol.md describes. Print to standard error if you want to see something.

Symbols: n samples, J attributes, C class columns, S score columns, d features.
"""

import base64
import json
import math
import sys
from dataclasses import dataclass, replace

import numpy as np

NAME = "numpy-backend"

SUPPORTS = {
    # TODO: take out what you do not compute; it is reported as skipped, never as passed
    "encodings": ["categorical", "multi-label", "one-attribute"],
    "levels": ["class", "instance"],
    "comparisons": ["relative", "absolute", "distribution"],
    "gradient": True,
    # TODO: "float32" if you compute in it: tolerances are derived from this
    "precision": "float64",
    "perSample": True,
    "sharding": "global",
    # "missing": {"formTriplets": "fused into the loss: no triplet is ever stored"},
}

# L_ce of a probability p uses log max(p, 1e-7)
SMALLEST_PROBABILITY = 1e-7


@dataclass(frozen=True)
class Batch:
    """A batch as the stages read it."""

    encoding: str
    attributes: list  # K_j, the number of classes of each attribute
    from_logits: bool
    columns: list  # of each class column: (attribute, class, score column, sign)
    members: np.ndarray  # n×C, whether a sample is of a class
    labelled: np.ndarray  # n×J, whether a sample is labelled for an attribute
    scores: np.ndarray  # n×S probabilities or logits; NaN if there are none
    features: np.ndarray | None  # n×d if all attributes share them, else J×n×d

    @property
    def size(self):
        return len(self.labelled)

    def column_of(self, attribute, k):
        """The position of a class among the columns."""
        return sum(self.attributes[:attribute]) + k

    def features_of(self, attribute):
        return self.features[attribute] if self.features.ndim == 3 else self.features

    def ranked(self, column):
        """What the samples are ranked by at class level. The absent side of a label is ranked in reverse."""
        _, _, score, sign = self.columns[column]
        return sign * self.scores[:, score]


def softmax(logits):
    """The probabilities of one attribute's classes."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def sigmoid(logits):
    e = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1, e) / (1 + e)


def score_blocks(batch):
    """The score columns of each attribute, as slices."""
    ends = np.cumsum(batch.attributes)
    return [slice(end - k, end) for end, k in zip(ends, batch.attributes)]


def to_probabilities(batch):
    """The batch with its logits turned into probabilities, which class level ranks."""
    if not batch.from_logits:
        return batch
    if batch.encoding == "categorical":
        scores = np.hstack([softmax(batch.scores[:, block]) for block in score_blocks(batch)])
    else:
        scores = sigmoid(batch.scores)
    return replace(batch, scores=scores, from_logits=False)


def select_minority(batch, options):
    """Eq. 3: the sizes of the classes in the batch, and the minority classes that survive."""
    # TODO: yours
    profile, minority = [], []
    for j, classes in enumerate(batch.attributes):
        sizes = [int(batch.members[:, batch.column_of(j, k)].sum()) for k in range(classes)]
        held, prefix = 0, []
        for k in sorted(range(classes), key=lambda k: (sizes[k], k)):
            held += sizes[k]
            if held <= options["rho"] * int(batch.labelled[:, j].sum()):
                prefix.append(k)
        profile.append(sizes)
        minority.append(sorted(k for k in prefix if sizes[k] > 1))
    return {"profile": profile, "minority": minority}


def distances(features, sample):
    """The Euclidean distances of all samples from one (Eq. 11), components in order."""
    squares = np.zeros(len(features))
    for t in range(features.shape[1]):
        squares += (features[:, t] - features[sample, t]) ** 2
    return np.sqrt(squares)


def hardest(candidates, hardness, count):
    """The hardest candidates, hardest first; of equally hard ones, those of the lower index."""
    return candidates[np.argsort(-hardness[candidates], kind="stable")[:count]]


def hard_samples(batch, options, column, sample, members, others):
    """Eq. 4 to 7: the hard positives and the hard negatives of one anchor."""
    kappa = min(options["kappa"], batch.size)
    companions = members[members != sample]
    if options["level"] == "class":
        score = batch.ranked(column)
        return hardest(companions, -score, kappa), hardest(others, score, kappa)
    distance = distances(batch.features_of(batch.columns[column][0]), sample)
    return hardest(companions, distance, kappa), hardest(others, -distance, kappa)


def mine_hard_samples(batch, selection, options):
    """Eq. 4 to 7: anchors, ordered by attribute, class, sample, with their hard samples."""
    # TODO: yours. The selection is the specification's, so that a fault of select_minority shows once
    anchors = []
    for j, classes in enumerate(selection["minority"]):
        for k in classes:
            column = batch.column_of(j, k)
            members = np.flatnonzero(batch.members[:, column])
            others = np.flatnonzero(batch.labelled[:, j] & ~batch.members[:, column])
            for sample in members.tolist():
                positives, negatives = hard_samples(batch, options, column, sample, members, others)
                anchors.append(
                    {
                        "sample": sample,
                        "attribute": j,
                        "class": k,
                        "positives": positives.tolist(),
                        "negatives": negatives.tolist(),
                    }
                )
    return {"anchors": anchors}


def form_triplets(hard, options):
    """|T|×5 of (anchor, positive, negative, attribute, class): anchors, then positives, then negatives."""
    # TODO: yours, or declare it missing
    rows = [np.zeros((0, 5), dtype=np.int32)]
    for anchor in hard["anchors"]:
        positives, negatives = anchor["positives"], anchor["negatives"]
        own = np.empty((len(positives) * len(negatives), 5), dtype=np.int32)
        own[:, 0] = anchor["sample"]
        own[:, 1] = np.repeat(np.array(positives, dtype=np.int32), len(negatives))
        own[:, 2] = np.tile(np.array(negatives, dtype=np.int32), len(positives))
        own[:, 3], own[:, 4] = anchor["attribute"], anchor["class"]
        rows.append(own)
    return np.concatenate(rows)


@dataclass(frozen=True)
class Pairs:
    """Pairs of an anchor and a hard sample, each of one class column."""

    anchor: np.ndarray
    other: np.ndarray
    attribute: np.ndarray
    column: np.ndarray

    def __len__(self):
        return len(self.anchor)


def pairs_of(batch, rows):
    """Pairs of rows (anchor, other, attribute, class)."""
    anchor, other, attribute, k = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    starts = np.concatenate([[0], np.cumsum(batch.attributes)])
    return Pairs(anchor, other, attribute, starts[attribute] + k)


def pairs_from(batch, hard, side):
    """The pairs of all anchors with their hard positives, or with their hard negatives."""
    return pairs_of(
        batch,
        [(a["sample"], other, a["attribute"], a["class"]) for a in hard["anchors"] for other in a[side]],
    )


def score_difference(batch, pairs):
    """p_a − p_other on the column of the pair's class."""
    score = np.array([score for _, _, score, _ in batch.columns])[pairs.column]
    sign = np.array([sign for _, _, _, sign in batch.columns])[pairs.column]
    return sign * batch.scores[pairs.anchor, score] - sign * batch.scores[pairs.other, score]


def feature_difference(batch, pairs):
    if batch.features.ndim == 3:
        own = batch.features[pairs.attribute, pairs.anchor]
        return own - batch.features[pairs.attribute, pairs.other]
    return batch.features[pairs.anchor] - batch.features[pairs.other]


def pair_distance(batch, options, pairs, side):
    """d(a,+) or d(a,−): Eq. 10 at class level, signed for a negative; Eq. 11 at instance level."""
    if options["level"] == "class":
        difference = score_difference(batch, pairs)
        return np.abs(difference) if side == "positives" else difference
    squares = np.zeros(len(pairs))
    for component in feature_difference(batch, pairs).T:
        squares += component**2
    return np.sqrt(squares)


def add_slopes(gradient, batch, options, pairs, side, slope):
    """Adds slope·∂d/∂inputs of each pair. The derivative of |x| at 0 and of ‖·‖ at 0 is 0."""
    if options["level"] == "class":
        score = np.array([score for _, _, score, _ in batch.columns])[pairs.column]
        sign = np.array([sign for _, _, _, sign in batch.columns])[pairs.column]
        turned = np.sign(score_difference(batch, pairs)) if side == "positives" else 1
        amount = slope * sign * turned
        np.add.at(gradient, (pairs.anchor, score), amount)
        np.add.at(gradient, (pairs.other, score), -amount)
        return
    distance = pair_distance(batch, options, pairs, side)[:, None]
    apart = distance > 0
    difference = feature_difference(batch, pairs)
    amount = np.where(apart, slope[:, None] * difference / np.where(apart, distance, 1), 0)
    shared = batch.features.ndim == 2
    np.add.at(gradient, pairs.anchor if shared else (pairs.attribute, pairs.anchor), amount)
    np.add.at(gradient, pairs.other if shared else (pairs.attribute, pairs.other), -amount)


def relative_comparison(batch, triplets, options, gradient):
    """Eq. 9: the mean over all triplets of max(0, m + d(a,+) − d(a,−))."""
    if len(triplets) == 0:
        return 0.0
    positive = pairs_of(batch, triplets[:, [0, 1, 3, 4]])
    negative = pairs_of(batch, triplets[:, [0, 2, 3, 4]])
    margin = np.array(options["margin"])[triplets[:, 3]]
    nearer = pair_distance(batch, options, positive, "positives")
    farther = pair_distance(batch, options, negative, "negatives")
    excess = (margin + nearer) - farther
    active = (excess > 0).astype(float)
    add_slopes(gradient, batch, options, positive, "positives", active)
    add_slopes(gradient, batch, options, negative, "negatives", -active)
    gradient /= len(triplets)
    return np.maximum(excess, 0).sum() / len(triplets)


def absolute_comparison(batch, positive, negative, options, gradient):
    """Eq. 13: half the mean square of d(a,+), and of what d(a,−) lacks of the margin."""
    near = pair_distance(batch, options, positive, "positives")
    margin = np.array(options["margin"])[negative.attribute]
    short = np.maximum(margin - pair_distance(batch, options, negative, "negatives"), 0)
    loss = 0.0
    if len(positive) > 0:
        loss += 0.5 * (near**2).mean()
        add_slopes(gradient, batch, options, positive, "positives", near / len(positive))
    if len(negative) > 0:
        loss += 0.5 * (short**2).mean()
        add_slopes(gradient, batch, options, negative, "negatives", -short / len(negative))
    return loss


def histogram_places(distance, options):
    """Of each distance its bin, its share in the next node, and whether it lies strictly outside."""
    low, high = options["range"]
    place = (np.clip(distance, low, high) - low) * (options["bins"] - 1) / (high - low)
    # a distance that is not a number has no bin; its share then makes the loss one that is not a number
    bins = np.where(np.isnan(place), 0, np.minimum(np.floor(place), options["bins"] - 2)).astype(np.int64)
    return bins, place - bins, (distance < low) | (distance > high)


def distribution_comparison(batch, positive, negative, options, gradient):
    """Eq. 14 to 16: how far the histogram of d(a,+) overlaps that of d(a,−)."""
    if len(positive) == 0 or len(negative) == 0:
        return 0.0
    histograms, places = [], []
    for pairs, side in ((positive, "positives"), (negative, "negatives")):
        bins, share, outside = histogram_places(pair_distance(batch, options, pairs, side), options)
        nodes = np.zeros(options["bins"])
        np.add.at(nodes, bins, 1 - share)
        np.add.at(nodes, bins + 1, share)
        histograms.append(nodes / len(pairs))
        places.append((bins, outside))
    nearer = np.cumsum(histograms[1])
    farther = np.cumsum(histograms[0][::-1])[::-1]
    low, high = options["range"]
    density = (options["bins"] - 1) / (high - low)
    for pairs, side, (bins, outside), slopes in (
        (positive, "positives", places[0], nearer),
        (negative, "negatives", places[1], farther),
    ):
        step = (slopes[bins + 1] - slopes[bins]) * density / len(pairs)
        add_slopes(gradient, batch, options, pairs, side, np.where(outside, 0, step))
    return (histograms[0] * nearer).sum()


def rectification_loss(batch, hard, triplets, options):
    """Eq. 9, 13 or 16, as options["comparison"] says: L_crl and its gradient."""
    # TODO: yours
    given = batch.scores if options["level"] == "class" else batch.features
    gradient = np.zeros(given.shape)
    if options["comparison"] == "relative":
        loss = relative_comparison(batch, triplets, options, gradient)
    else:
        compare = absolute_comparison if options["comparison"] == "absolute" else distribution_comparison
        positive, negative = pairs_from(batch, hard, "positives"), pairs_from(batch, hard, "negatives")
        loss = compare(batch, positive, negative, options, gradient)
    if options["level"] == "instance":
        loss += (0 * given).sum()  # NaN where a feature is not finite, also one of a sample that is not mined
    return loss, gradient


def targets(batch):
    """y of each score, n×S, and whether it counts: whether the sample is labelled for its attribute."""
    present = [c for c, (_, _, _, sign) in enumerate(batch.columns) if sign == 1]
    attribute = [batch.columns[c][0] for c in present]
    return batch.members[:, present].astype(float), batch.labelled[:, attribute]


def cross_entropies(batch):
    """Eq. 2: the cross entropy of each sample, and its gradient with respect to the scores as given."""
    y, counts = targets(batch)
    scores, probabilities = batch.scores, to_probabilities(batch).scores
    if batch.from_logits and batch.encoding == "categorical":
        terms = np.zeros(scores.shape)
        for block in score_blocks(batch):
            logits = scores[:, block]
            largest = logits.max(axis=1, keepdims=True)
            total = np.log(np.exp(logits - largest).sum(axis=1, keepdims=True))
            terms[:, block] = y[:, block] * (largest - logits + total)
        slopes = probabilities - y
    elif batch.from_logits:
        terms = np.maximum(scores, 0) - scores * y + np.log1p(np.exp(-np.abs(scores)))
        slopes = probabilities - y
    else:
        p = np.where(y == 1, scores, 1 - scores)
        terms = -np.log(np.maximum(p, SMALLEST_PROBABILITY))
        slopes = np.where(p > SMALLEST_PROBABILITY, np.where(y == 1, -1, 1) / p, 0)
        if batch.encoding == "categorical":  # another class's score has no part in it
            terms, slopes = np.where(y == 1, terms, 0), np.where(y == 1, slopes, 0)
    return np.where(counts, terms, 0).sum(axis=1), np.where(counts, slopes, 0)


def through_probabilities(probable, slope):
    """A gradient with respect to probabilities, taken back to the logits that they came from."""
    p = probable.scores
    if probable.encoding != "categorical":
        return p * (1 - p) * slope
    back = np.zeros(p.shape)
    for block in score_blocks(probable):
        mean = (slope[:, block] * p[:, block]).sum(axis=1, keepdims=True)
        back[:, block] = p[:, block] * (slope[:, block] - mean)
    return back


def balanced_loss(batch, options, weights=None):
    """Eq. 2 and 8: the whole walk, L = α·L_crl + (1−α)·L_ce. With weights, L_crl counts by their mean."""
    probable = to_probabilities(batch)
    selection = select_minority(probable, options)
    hard = mine_hard_samples(probable, selection, options)
    triplets = form_triplets(hard, options)
    rectification, slope = rectification_loss(probable, hard, triplets, options)
    entropies, slopes = cross_entropies(batch)
    alpha = options["alpha"]
    w = np.ones(batch.size) if weights is None else weights
    entropy = (w * entropies).sum() / batch.size
    share = alpha * w.sum() / batch.size
    gradient = (1 - alpha) * w[:, None] * slopes / batch.size
    found = {
        "loss": share * rectification + (1 - alpha) * entropy,
        "rectification": rectification,
        "crossEntropy": entropy,
        "gradient": gradient,
        "statistics": {**selection, "anchors": len(hard["anchors"]), "triplets": len(triplets)},
        "sampleLosses": alpha * rectification + (1 - alpha) * entropies,
    }
    if options["level"] == "instance":
        return {**found, "featureGradient": share * slope}
    of_scores = through_probabilities(probable, slope) if batch.from_logits else slope
    return {**found, "gradient": gradient + share * of_scores}


def join(shards):
    """The whole batch: the samples of all shards, in the order of the ranks."""
    parts = {name: np.concatenate([getattr(b, name) for b in shards]) for name in ("members", "labelled", "scores")}
    features = shards[0].features
    if features is not None:
        features = np.concatenate([b.features for b in shards], axis=features.ndim - 2)
    return replace(shards[0], features=features, **parts)


def loss_on_replicas(shards, options, averaging, weights=None):
    """What each replica returns: L of the whole batch, and the gradient of its own rows times their number."""
    found = balanced_loss(join(shards), options, None if weights is None else np.concatenate(weights))
    factor = len(shards) if averaging == "average" else 1
    ends = np.cumsum([shard.size for shard in shards])
    names = [name for name in ("gradient", "featureGradient") if name in found]
    return [
        {"loss": found["loss"], **{name: factor * found[name][..., end - s.size : end, :] for name in names}}
        for s, end in zip(shards, ends)
    ]


# What follows answers the questions of the protocol. It need not be changed.


def read_array(wire):
    dtype = np.dtype(wire["dtype"])
    data = np.frombuffer(base64.b64decode(wire["data"]), dtype=dtype.newbyteorder("<"))
    return data.astype(dtype).reshape(wire["shape"])


def write(value):
    """A result as JSON: arrays as base64, and a number that is not finite as text."""
    if isinstance(value, np.ndarray):
        dtype = value.dtype.newbyteorder("<")
        data = base64.b64encode(np.ascontiguousarray(value, dtype=dtype).tobytes()).decode()
        return {"dtype": value.dtype.name, "shape": list(value.shape), "data": data}
    if isinstance(value, dict):
        return {name: write(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [write(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def read_batch(wire):
    encoding, attributes, size = wire["encoding"], wire["attributes"], wire["size"]
    labels = read_array(wire["labels"])
    classes = [(j, k) for j, number in enumerate(attributes) for k in range(number)]
    if encoding == "one-attribute":
        members, labelled = labels == 1, np.ones((size, 1), dtype=bool)
    else:
        members = np.stack([labels[:, j] == k for j, k in classes], axis=1)
        labelled = labels >= 0
    if encoding == "multi-label":
        columns = [(j, k, j, 1 if k == 1 else -1) for j, k in classes]
    else:
        columns = [(j, k, c, 1) for c, (j, k) in enumerate(classes)]
    width = len(attributes) if encoding == "multi-label" else len(classes)
    scores = read_array(wire["scores"]) if "scores" in wire else np.full((size, width), np.nan)
    features = read_array(wire["features"]) if "features" in wire else None
    return Batch(encoding, attributes, wire["fromLogits"], columns, members, labelled, scores, features)


def hello(question):
    if question["protocol"] != 1:
        raise ValueError(f"protocol: expected 1, got {question['protocol']}")
    language = f"python {sys.version_info.major}.{sys.version_info.minor}"
    return {"protocol": 1, "name": NAME, "language": language, "supports": SUPPORTS, "answers": list(ANSWERS)}


def answer_rectification_loss(question):
    batch, triplets = read_batch(question["batch"]), read_array(question["triplets"])
    loss, gradient = rectification_loss(batch, question["hard"], triplets, question["options"])
    return {"loss": loss, "gradient": gradient}


def answer_balanced_loss(question):
    found = balanced_loss(read_batch(question["batch"]), question["options"])
    return {name: value for name, value in found.items() if name != "sampleLosses"}


def train(question):
    """A step of training. This backend keeps nothing between steps, so earlier ones do not matter."""
    training, batch, options = question["training"], read_batch(question["batch"]), question["options"]
    weights = read_array(training["weights"]) if "weights" in training else None

    def step(batch, options, weights):
        found = balanced_loss(batch, options, weights)
        gradients = {name: training["upstream"] * found[name] for name in found if name.lower().endswith("gradient")}
        return {"loss": found["loss"], **gradients, "sampleLosses": found["sampleLosses"]}

    answer = step(batch, options, weights)
    if training["evaluated"]:
        answer["evaluated"] = balanced_loss(batch, options)["loss"]
    if "beside" in training:
        answer["beside"] = step(read_batch(training["beside"]["batch"]), training["beside"]["options"], None)
    return answer


def answer_loss_on_replicas(question):
    shards = [read_batch(shard) for shard in question["shards"]]
    weights = [read_array(own) for own in question["weights"]] if "weights" in question else None
    return loss_on_replicas(shards, question["options"], question["averaging"], weights)


ANSWERS = {
    "selectMinority": lambda q: select_minority(read_batch(q["batch"]), q["options"]),
    "mineHardSamples": lambda q: mine_hard_samples(read_batch(q["batch"]), q["selection"], q["options"]),
    "formTriplets": lambda q: form_triplets(q["hard"], q["options"]),
    "rectificationLoss": answer_rectification_loss,
    "balancedLoss": answer_balanced_loss,
    "train": train,
    "lossOnReplicas": answer_loss_on_replicas,
}


def answered(question):
    ask = question["ask"]
    if ask == "hello":
        return hello(question)
    if ask not in ANSWERS:
        raise ValueError(f"ask: expected one of {', '.join(['hello', *ANSWERS, 'goodbye'])}, got {ask}")
    return ANSWERS[ask](question)


def main():
    np.seterr(all="ignore")  # NaN and infinity show in the answers
    for line in sys.stdin:
        question = json.loads(line)
        if question["ask"] == "goodbye":
            return
        answer = {"id": question["id"]}
        try:
            answer["result"] = write(answered(question))
        except Exception as error:  # the suite reports it with the batch
            answer["error"] = {"name": type(error).__name__, "message": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
