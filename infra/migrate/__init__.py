"""Older records are given what newer ones have: ``python -m infra.migrate``."""
