"""The customer's room, ``/requests/``: subscriptions, requests, cases."""
