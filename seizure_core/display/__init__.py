"""Display of recordings: rows of any montage, display filters, pages, envelopes.

Nothing here changes files or the input of models.
"""
