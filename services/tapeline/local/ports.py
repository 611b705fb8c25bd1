"""TCP ports on the loopback address."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Mapping
from typing import NamedTuple

from tapeline.local.daemon import LocalServiceError

HOST = "127.0.0.1"

FIRST_FREE, FREE_COUNT = 21_000, 4_000
"""Where free ports are looked for: below the ports that systems give to outgoing connections. A
client that reconnects to a dead server of that range can connect to itself, and the server then
finds its port taken."""

ATTEMPTS = 200
"""Random ports tried; with a tenth of them taken, all fail once in 10^200."""

FREED_S = 10.0
"""The last thread of a killed server lets its port go within milliseconds; a busy machine takes
longer."""

LOOK_S = 0.05
"""Between two looks at a port."""

CONNECT_S = 1.0
"""A loopback connection takes microseconds; a busy machine may need longer."""


class Ports(NamedTuple):
    """Where `make up` puts the services: fixed, so that settings and bookmarks stay right."""

    kafka: int = 29_092
    """The broker's controller takes the port above."""
    postgres: int = 25_432
    prometheus: int = 29_090
    grafana: int = 29_300

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Ports:
        """The ports that variables such as KAFKA_PORT name, the defaults for the others.

        Raises:
            LocalServiceError: a value that is no port.
        """
        chosen = {}
        for name in cls._fields:
            given = environment.get(_variable(name), "")
            if given:
                if not given.isdecimal() or not 0 < int(given) < 65_535:
                    raise LocalServiceError(
                        f"{_variable(name)}={given}: is no port; give a number from 1 to 65534"
                    )
                chosen[name] = int(given)
        return cls(**chosen)

    def environment(self) -> dict[str, str]:
        """The same as variables."""
        return {_variable(name): str(port) for name, port in self._asdict().items()}


def _variable(name: str) -> str:
    return f"{name.upper()}_PORT"


def taken(port: int) -> bool:
    """Whether a program listens on a port."""
    if answers(port):
        return True
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def freed(port: int, *, again: bool) -> bool:
    """Whether a port can be had; with `again` it waits: a server of ours may just have ended."""
    end = time.monotonic() + (FREED_S if again else 0.0)
    while taken(port):
        if time.monotonic() >= end:
            return False
        time.sleep(LOOK_S)
    return True


def answers(port: int) -> bool:
    """Whether a connection to a port is accepted."""
    try:
        socket.create_connection((HOST, port), CONNECT_S).close()
    except OSError:
        return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports on which nobody listens now.

    Raises:
        RuntimeError: none was found.
    """
    found: list[int] = []
    for _ in range(ATTEMPTS):
        port = FIRST_FREE + secrets.randbelow(FREE_COUNT)
        if port not in found and not taken(port):
            found.append(port)
        if len(found) == count:
            return found
    raise RuntimeError(
        f"no free port among {FIRST_FREE} to {FIRST_FREE + FREE_COUNT - 1}; stop what holds them"
    )
