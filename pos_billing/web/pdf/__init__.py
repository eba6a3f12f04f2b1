"""The PDF of a statement: rendered once, kept outside the public media folder."""
