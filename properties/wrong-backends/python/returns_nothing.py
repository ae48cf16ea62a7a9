"""The method that compares the samples is a stub: it returns nothing.

Caught by: loss-agrees
"""

from right import backend, serve


def rectification_loss(question):
    """TODO."""


backend.ANSWERS["rectificationLoss"] = rectification_loss
serve("returns-nothing")
