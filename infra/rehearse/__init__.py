"""What may have to be done one day, done now on a local engine: ``make rehearse``. See ``docs/runbook.md``."""
