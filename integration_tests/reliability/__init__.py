"""Kills, hours and memory, of the whole process: a short part in `make test`, all of it in `make reliability`."""

import os

IS_FULL = os.environ.get("RELIABILITY") == "full"
"""Whether `make reliability` runs the tests."""
