"""Ports: chosen by variables, free ones outside the range of outgoing connections."""

from __future__ import annotations

import socket
import threading

import pytest

from tapeline.local.daemon import LocalServiceError
from tapeline.local.ports import FIRST_FREE, FREE_COUNT, Ports, answers, free_ports, freed, taken


def test_variables_choose_ports() -> None:
    ports = Ports.read({"KAFKA_PORT": "29192", "POSTGRES_PORT": "", "OTHER": "x"})

    assert ports == Ports(kafka=29_192)
    assert Ports.read(ports.environment()) == ports


@pytest.mark.parametrize("value", ["0", "65535", "-1", "9092.5", "kafka"])
def test_what_is_no_port_is_named(value: str) -> None:
    with pytest.raises(LocalServiceError, match=rf"KAFKA_PORT={value}: is no port; give a number"):
        Ports.read({"KAFKA_PORT": value})


def test_a_port_is_taken_while_somebody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert taken(port)
        assert answers(port)
    assert not answers(port)


def test_a_port_that_is_bound_but_silent_is_taken() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        assert taken(silent.getsockname()[1])


def test_a_port_is_waited_for_only_after_a_server_of_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not freed(port, again=False)
        ends = threading.Timer(0.2, server.close)
        ends.start()
        assert freed(port, again=True)
        ends.join()


def test_free_ports_differ_and_lie_below_those_of_outgoing_connections() -> None:
    found = free_ports(20)

    assert len(set(found)) == 20
    assert all(FIRST_FREE <= port < FIRST_FREE + FREE_COUNT for port in found)
    assert not set(Ports()) & set(range(FIRST_FREE, FIRST_FREE + FREE_COUNT))
