"""Every change of a case, one function each: lock, move, record. Pages, API, tasks and commands call these."""
