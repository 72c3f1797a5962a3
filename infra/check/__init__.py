"""Whether both tables are whole: ``python -m infra.check``. ``docs/check.md`` says what is looked at.

An operator's command, with AWS credentials of their own: it reads the tables from end to end, which no function of the
service may do (their policies have no Scan), and so it is no route either.
"""
