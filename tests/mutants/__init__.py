"""Mutation testing (`make mutants`)."""
