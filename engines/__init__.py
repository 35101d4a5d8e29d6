"""PostgreSQL and Valkey where nobody else runs them, and the processes of ``make run``. Knows no Django."""
