"""Public pages: fetch, judge, answer."""
