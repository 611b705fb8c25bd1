"""Roles of the database: who may do what is in sql/migrations/0008_roles.sql."""

from __future__ import annotations

from typing import Literal

from psycopg.conninfo import conninfo_to_dict, make_conninfo

Role = Literal["tapeline_store", "tapeline_relay", "tapeline_reader"]

STORE: Role = "tapeline_store"
RELAY: Role = "tapeline_relay"
READER: Role = "tapeline_reader"


def as_role(conninfo: str, role: Role) -> str:
    """The connection string with the rights of a role, of which the login must be a member.

    A login of its own for each process is stronger, since a process could then not change its role
    back; this keeps one login from doing more than it means to.
    """
    options = str(conninfo_to_dict(conninfo).get("options") or "")
    return make_conninfo(conninfo, options=f"{options} -c role={role}".strip())
