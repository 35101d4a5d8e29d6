"""Imports of files: read row by row, staged by COPY, merged by a few statements for each batch.

``formats`` turns a file of subscriptions into entries, ``importer`` writes them; ``facts`` does the
same for facts of customers. ``command`` joins the two, reports, and is all that both share with who
calls them.
"""
