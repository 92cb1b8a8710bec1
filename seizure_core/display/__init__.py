"""Recordings as a viewer shows them: rows of any montage, display filters, pages, envelopes.

Nothing here touches files or what a model is fed with.
"""
