"""Fixtures for every folder of tests."""

from services_fixture import kafka, postgres_server, prefix, server_database

__all__ = ["kafka", "postgres_server", "prefix", "server_database"]
