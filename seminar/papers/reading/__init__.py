"""A paper read in the browser: Word as clean HTML, a PDF as pictures of its pages, and what changed between two versions.

`word`, `pages` and `changes` work in the isolated child and know nothing of the application; `keeping` calls them.
"""
