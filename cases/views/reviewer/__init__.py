"""The reviewers' room: the queue, one case, and what is decided there."""
