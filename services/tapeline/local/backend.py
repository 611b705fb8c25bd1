"""What `make up` drives: containers or processes."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from tapeline.local.ports import Ports

DATABASE = "tapeline"
"""The database that `make up` migrates, for people and for what is no session of its own."""

LOG_LINES = 40
"""Of each service, for `make logs`."""


class Row(NamedTuple):
    """One service, for `make ps`."""

    name: str
    state: str
    """healthy, starting or stopped; or what Docker says."""
    where: str
    process: str


class Backend(Protocol):
    """How the services run."""

    def up(self, ports: Ports) -> dict[str, str]:
        """Starts what does not run and waits until it is healthy.

        Returns:
            What clients need: KAFKA, POSTGRES and the addresses of what else there is.

        Raises:
            LocalServiceError: with the sentence for a person.
        """
        ...

    def down(self, *, wipe: bool) -> None:
        """Stops everything in order; with `wipe` removes the data too."""
        ...

    def rows(self) -> list[Row]:
        """Every service as it is now."""
        ...

    def logs(self) -> str:
        """The end of what each service says."""
        ...
