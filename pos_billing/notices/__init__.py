"""What people are told: kinds of notices, their words, and the mail that carries them."""
