"""Sections of the reference that differ from all others."""
