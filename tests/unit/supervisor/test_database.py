"""What is said of a connection string that cannot be read: nothing of its password."""

from __future__ import annotations

import pytest

from tapeline.supervisor.database import DatabaseRefusedError, SessionDatabase


@pytest.mark.parametrize(
    "server",
    [
        "postgresql://me:hidden@[::1/postgres",
        "host=db passwrd=hidden",
        "host=db password='hidden",
        "postgresql://me:hid/den@db/postgres",
        "postgresql://me:hid@den@db/postgres",
    ],
)
def test_a_mistyped_string_is_refused_without_showing_it(server: str) -> None:
    with pytest.raises(DatabaseRefusedError, match="cannot be read") as caught:
        SessionDatabase(server, "demo")

    assert "hid" not in str(caught.value)
    assert "den" not in str(caught.value)
