"""Documents in the Union's form: layout rule sets as data, number registers, and the builders of Word and PDF."""
