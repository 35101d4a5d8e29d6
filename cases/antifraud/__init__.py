"""Checks before a decision: each looks at one thing and says what it saw. docs/antifraud.md."""
