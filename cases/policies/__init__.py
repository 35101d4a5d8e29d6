"""Policy versions before they are published: compared, replayed, and brought back."""
