"""Older records are given what newer ones have: ``python -m infra.migrate``. What is given says ``store/registry/migrations``."""
