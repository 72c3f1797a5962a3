"""What may have to be done one day, done now on the local engine: ``make rehearse``. ``docs/runbook.md`` is its text."""
