"""What is true of factories, certificates, audits and products: pure rules, no I/O, never the clock."""
