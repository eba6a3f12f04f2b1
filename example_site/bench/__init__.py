"""How fast a billing run is, measured against plain SQL and against the obvious loop: ``python -m example_site.bench``.

Everything happens in a scratch database of its own. Each figure is taken in a process of its own, so that memory is
that of one run; the facts are made by SQL, the runs by the same code that bills in production.
"""
