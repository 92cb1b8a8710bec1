"""Review: from candidates to a list that a reader signs.

`model` says what a review holds, `log` keeps it, `folder` joins both with the recordings, `page` is
the part of it that one page of the viewer shows.
"""
