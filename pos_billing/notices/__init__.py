"""What people are told: notices with their words, and the mail that carries them.

Owns that a thing is told once (``commands.notice_make``) and that mail goes out or says why not. Does not own when
something is to be told: the package that knows it calls ``notice_make``.
"""
