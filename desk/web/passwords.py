"""Keep and check passwords: argon2id, with the parameters that the library recommends."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # NIST SP 800-63B asks for at least 8, and for length rather than kinds of characters
LONGEST = 200
_HASHER = PasswordHasher()


def fault_of(password: str, name: str) -> str | None:
    """Say what is wrong with a new password; None if nothing is."""
    if len(password) < SHORTEST:
        return f"a password has at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"a password has at most {LONGEST} characters"
    if name.casefold() in password.casefold():
        return "a password does not hold the user's name"
    if len(set(password)) < SHORTEST // 2:
        return "a password is not one character over and over"
    return None


def hash_password(password: str) -> str:
    """Give what is kept of a password."""
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """
    Tell whether this is the password.

    Takes the same time where there is nobody or no password, so that the time tells nothing.
    """
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


_NOBODY = _HASHER.hash("there is nobody of this name")
