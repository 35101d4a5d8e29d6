"""What we ask the world: DNS and guarded HTTP. Knows nothing of cases, and never dials a customer's host."""
