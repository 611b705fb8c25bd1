"""Errors that a person can act on."""

from __future__ import annotations


class SettingsError(ValueError):
    """A setting is wrong; the message says which file, which key, what is wrong and what to do.

    Args:
        file: as the person knows it, for example configs/indicators.yaml.
        key: dotted path inside the file, for example indicators.rsi_14.length.
        problem: what is wrong, a clause without a full stop.
        remedy: what to do about it, an imperative clause without a full stop.
    """

    def __init__(self, file: str, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{file}: {key}: {problem}; {remedy}")
        self.file = file
        self.key = key
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[SettingsError], tuple[str, str, str, str]]:
        return type(self), (self.file, self.key, self.problem, self.remedy)
