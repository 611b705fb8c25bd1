"""Exit codes of a stage's process, in every language; go/pkg/shared/cli has the same."""

OK = 0
"""The session's end was reached."""

FAILED = 1
"""It may be started again."""

REFUSED = 2
"""It cannot run as it was told to: starting it again changes nothing."""

DRAINED = 3
"""It was asked to end before the session's end, and has saved its work."""
