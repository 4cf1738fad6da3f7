"""A small Hub on loopback, for tests and for working on publishing without an account. See README.md beside this."""
