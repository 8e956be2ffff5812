"""Shape of input: `api` for the JSON of the desks, `pages` for forms."""
