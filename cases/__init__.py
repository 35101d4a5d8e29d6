"""A request and what becomes of it: states, actions, ledger, checks, notices, pages of the rooms. See docs/code.md."""
