"""The front of the house: pages for everybody, and the pieces that all pages are made of.

Not called ``public``: that is the name of a module which aiosmtpd needs.
"""
