"""What the inside may ask and change. Every write states its condition; whatever changes a record rewrites what the
public may see of it in the same transaction."""
