"""
All that decisions rest on beside the case: dictionary, labels, rulebooks, profiles.

Loaded once; its digest is stored with every decision, so that a decision can be
computed again with exactly the knowledge it was made with.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from safety.coding import Dictionary, Learned, load_dictionary, teach
from safety.expectedness import ReferenceSafetyInformation, load_reference_safety_information
from safety.important import ImportantTerms
from safety.profiles import Product, Study, load_product, load_studies
from safety.rulebooks import Rulebook, load_rulebooks

LABEL_REGIONS = ("EU", "US", "CN", "CH")


@dataclass(frozen=True, eq=False)
class Knowledge:
    """
    One consistent set of knowledge.

    Attributes:
        labels: Reference safety information by region.
        important: The user's list of important medical events, if there is one.
        digest: One digest over the digests of all parts.
        learned: How many entries of what people taught the dictionary are in it.
    """

    product: Product
    studies: tuple[Study, ...]
    dictionary: Dictionary
    labels: Mapping[str, ReferenceSafetyInformation]
    rulebooks: tuple[Rulebook, ...]
    digest: str
    important: ImportantTerms | None = None
    learned: int = 0

    def study(self, study_id: str | None) -> Study | None:
        """The profile of a study by any of its numbers."""
        return next((study for study in self.studies if study_id in study.aliases), None)

    @property
    def concepts(self) -> Dictionary:
        """The dictionary in whose terms labels and grades speak, whichever one is coded to."""
        return load_dictionary()

    def parts(self) -> dict[str, str]:
        """Name of each part to its digest."""
        return _parts(
            self.product,
            self.studies,
            self.dictionary,
            self.labels,
            self.rulebooks,
            self.important,
        )


def load_knowledge(
    dictionary: Dictionary | None = None, important: ImportantTerms | None = None
) -> Knowledge:
    """
    Load and check everything that ships with the product.

    Args:
        dictionary: What verbatims are coded to; the open dictionary unless a licensed one is given.

        important: The user's list of important medical events, if there is one.

    Raises:
        KnowledgeError: A file is faulty; the message names file and row.
    """
    product = load_product()
    studies = load_studies()
    dictionary = dictionary or load_dictionary()
    labels = {region: load_reference_safety_information(region) for region in LABEL_REGIONS}
    rulebooks = load_rulebooks()
    parts = _parts(product, studies, dictionary, labels, rulebooks, important)
    return Knowledge(
        product=product,
        studies=studies,
        dictionary=dictionary,
        labels=labels,
        rulebooks=rulebooks,
        digest=_joined(parts),
        important=important,
    )


def with_learned(knowledge: Knowledge, entries: Sequence[Learned]) -> Knowledge:
    """
    Give the knowledge with what people taught its dictionary.

    Args:
        knowledge: With nothing taught.

        entries: The list from its beginning.
    """
    if not entries:
        return knowledge
    taught = replace(
        knowledge, dictionary=teach(knowledge.dictionary, entries), learned=len(entries)
    )
    return replace(taught, digest=_joined(taught.parts()))


def _joined(parts: Mapping[str, str]) -> str:
    joined = "\n".join(f"{name} {digest}" for name, digest in sorted(parts.items()))
    return hashlib.sha256(joined.encode()).hexdigest()


def _parts(
    product: Product,
    studies: tuple[Study, ...],
    dictionary: Dictionary,
    labels: Mapping[str, ReferenceSafetyInformation],
    rulebooks: tuple[Rulebook, ...],
    important: ImportantTerms | None,
) -> dict[str, str]:
    return {
        f"product:{product.name}": product.digest,
        **{f"study:{study.study_id}": study.digest for study in studies},
        f"dictionary:{dictionary.name}": dictionary.digest,
        **{f"label:{region}": label.digest for region, label in labels.items()},
        **{f"rulebook:{book.name}": book.digest for book in rulebooks},
        **({} if important is None else {f"important:{important.name}": important.digest}),
    }
