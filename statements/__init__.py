"""Statements that are built once in a process: where Django's own building costs more than the answer.

Only for what every request or every submission asks; anything else is a plain queryset.
"""
