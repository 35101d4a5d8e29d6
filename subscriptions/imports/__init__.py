"""Subscriptions from files: read row by row, staged by COPY, merged by a few statements for each batch.

``formats`` turns a file into entries, ``importer`` writes them, the command joins the two and reports.
"""
