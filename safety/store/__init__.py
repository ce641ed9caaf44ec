"""
Where everything is kept: the log, the cases, the duties, and how far the stream is read.

`open_store` opens a database that `migrate` has prepared; `queries` reads it for
people and reports, `canonical` and `verify` compare and check it. What a store must
do is in `model`, so that the pipeline can be run on the one in `memory` as well.
"""

from safety.store.open import open_store
from safety.store.roles import grant_application
from safety.store.schema import migrate
from safety.store.sql import SqlStore

__all__ = ["SqlStore", "grant_application", "migrate", "open_store"]
