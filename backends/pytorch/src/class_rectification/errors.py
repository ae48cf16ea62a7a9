"""Errors, which say what was given, what was expected and what came."""

from __future__ import annotations


class InputError(Exception):
    """Input that the loss refuses.

    Attributes:
        code: The error's stable name, such as ``option-out-of-range``.
        where: The argument, such as ``target``.
        expected: What it must be.
        got: What came.
    """

    def __init__(self, code: str, where: str, expected: str, got: object) -> None:
        """Builds the message from the place, what was expected and what came."""
        super().__init__(f"{where}: expected {expected}, got {got}")
        self.code, self.where, self.expected, self.got = code, where, expected, got


class InputTypeError(InputError, TypeError):
    """A value of another type than the argument takes."""


class InputRangeError(InputError, ValueError):
    """A value that is out of range, or does not fit the others."""


class ReplicaError(RuntimeError):
    """The replicas of a process group do not agree, or one of them is gone."""
