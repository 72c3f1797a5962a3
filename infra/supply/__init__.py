"""What is in the things we deliver, under which licence, and that no secret is among them: ``docs/supply-chain.md``."""
