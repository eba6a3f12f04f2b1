"""Due minus billed: runs and previews, statements and their immutable lines, explanations, the proof of a month.

Owns the difference between what is due and what was billed (``drafts``, ``billed``), where a run looks (``scope``), how
lines are written (``writers``), what every line says of itself (``snapshot``, ``explanation``), and the second opinion
(``recount``, ``prove``). Does not own rules of amounts (``rating``), facts (``instances``, ``plans``), or money that
moved (``collection``): it knows what was asked for, never what was paid.
"""
