"""Statements as every audience reads them: a Partner, its clients, the platform's staff."""
