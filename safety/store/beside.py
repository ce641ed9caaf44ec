"""What do the study records of a case's subject say beside the case, both as they stand?"""

from safety.profiles import Product
from safety.store.sql import SqlStore
from safety.store.subjects import held_records
from safety.subjects import BesideCase, derive_beside
from safety.versions import Version


def beside_of(store: SqlStore, version: Version, product: Product) -> BesideCase | None:
    """
    Give what the records say; None where the case has no subject of a study with records.

    Args:
        store: Where to look.

        version: The case as it is read.

        product: Which drug is ours.
    """
    named = next(((e["study"], e["subject"]) for e in version.events if e["subject"]), None)
    if named is None or named[0] is None:
        return None
    held = held_records(store, *named)
    if not held:
        return None
    return derive_beside(version.events, version.trace["clinical"]["grades"], held, product)
