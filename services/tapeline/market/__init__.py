"""Dated market facts: calendar and phases, instruments and tick sizes, charges."""
