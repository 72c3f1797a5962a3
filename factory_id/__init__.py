"""The command line ``factory-id``: for ICS and the registry's operators. It talks to the HTTP API only.

Python's standard library is all that it needs, and nothing of it is deployed. ``docs/sync.md`` tells how to use it.
"""
