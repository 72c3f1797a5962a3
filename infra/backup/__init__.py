"""Both tables taken out, put back into an empty pair, and compared: ``python -m infra.backup``.

What is written has the layout of DynamoDB's own exports to S3; what those wrote is read, too. See ``docs/backup.md``.
"""

EXPORTED = ("FactoryID", "Exported")
"""The namespace and name under which CloudWatch is told of each export, by table: an alarm waits for it."""
