"""The partner's room, ``/partner/``: what waits, what it resells, asking on a customer's behalf, cases."""
