"""From the checks of an installation to a report to be signed."""

from reports.qualification.model import Qualification
from reports.tables import Book, Chapter, Column, Listing

PARTS = {
    "IQ": "Installation qualification: what is installed is what was released, and can run",
    "OQ": "Operational qualification: it does what it must, on this installation",
}
SIGNATURES = ("Performed by", "Reviewed by", "Approved by")

_REQUIREMENT = (
    "R1 to R20 are listed with their sources and their tests in the manual, page Requirements."
)
_NOT = (
    "A statement of compliance. The software supports compliance; the person who signs judges"
    " whether it is fit for the intended use."
)

_CHECK = tuple(
    Column(name.lower(), name)
    for name in ("No.", "Shows", "Requirement", "Expected", "Found", "Result")
)
_SIGNED = tuple(
    Column(name.lower(), name) for name in ("", "Name", "Function", "Date", "Signature")
)


def build_qualification(qualification: Qualification) -> Book:
    """
    Make the report of a qualification.

    Args:
        qualification: What was checked.

    Returns:
        Installation facts, one listing for each part, and a page to be signed by hand.
    """
    number = len(qualification.checks)
    result = "passed" if qualification.passed else "NOT PASSED"
    facts = {
        "Result": f"{result}: {number - len(qualification.failures)} of {number} checks passed",
        "Began": f"{qualification.began:%Y-%m-%d %H:%M:%S} UTC",
        "Ended": f"{qualification.ended:%Y-%m-%d %H:%M:%S} UTC",
        **qualification.installation.facts,
    }
    return Book(
        title="Qualification of the safety event processor",
        subtitle="Installation and operational qualification",
        facts=tuple(facts.items()),
        definitions=(("Requirement", _REQUIREMENT), ("What this is not", _NOT)),
        chapters=(
            *(
                Chapter(title, (_listing(part, title, qualification),))
                for part, title in PARTS.items()
            ),
            Chapter("Approval", (_signatures(),)),
        ),
        made_at=qualification.ended,
    )


def _listing(part: str, title: str, qualification: Qualification) -> Listing:
    return Listing(
        table_id=part,
        title=title,
        population="All checks of this part, in the order they were made",
        columns=_CHECK,
        rows=[
            (
                check.number,
                check.title,
                ", ".join(check.requirements) or "-",
                check.expected,
                check.found,
                "passed" if check.passed else "FAILED",
            )
            for check in qualification.checks
            if check.number.startswith(part)
        ],
    )


def _signatures() -> Listing:
    return Listing(
        table_id="Signatures",
        title="Who performed, reviewed and approved this qualification",
        population="To be filled in by hand, or signed in the document system of the company",
        columns=_SIGNED,
        rows=[(who, "", "", "", "") for who in SIGNATURES],
        by_hand=True,
    )
