"""Where the services keep their files."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
"""The project."""

DEPLOY = ROOT / "deploy" / "local"
"""Settings of the services, under version control."""

SERVICES = ROOT / "build" / "services"
"""Programs, data and logs; may be deleted while nothing runs."""
