"""Kafka and PostgreSQL on this machine: for `make up`, tests, fault injection and benchmarks."""

from tapeline.local.daemon import LocalServiceError
from tapeline.local.kafka import LocalKafka
from tapeline.local.postgres import LocalPostgres

__all__ = ["LocalKafka", "LocalPostgres", "LocalServiceError"]
