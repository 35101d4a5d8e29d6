"""Rules for automatic decisions: data, off by default, tried in the shadow and replayed before they act."""
