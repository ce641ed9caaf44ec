"""Inputs sought by coverage (atheris): `make fuzz`. What breaks a law becomes an ordinary test."""
