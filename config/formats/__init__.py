"""How Django itself writes times: the admin, alone. Pages have ``front.moments``."""
