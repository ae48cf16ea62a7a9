"""The Class Rectification Loss (CRL) for PyTorch.

Minority classes of every mini-batch are found, hard positives and negatives are mined for their samples, and
what separates them is added to the cross entropy (Dong, Gong, Zhu: *Imbalanced Deep Learning by Minority
Class Incremental Rectification*, TPAMI 2018). Where the paper leaves a choice open, the rulings of the
specification hold; their names stand in the docstrings.
"""

from class_rectification.errors import InputError, InputRangeError, InputTypeError, ReplicaError
from class_rectification.loss import ClassRectificationLoss
from class_rectification.schema import Schema
from class_rectification.walk import Statistics

__all__ = [
    "ClassRectificationLoss",
    "InputError",
    "InputRangeError",
    "InputTypeError",
    "ReplicaError",
    "Schema",
    "Statistics",
]
