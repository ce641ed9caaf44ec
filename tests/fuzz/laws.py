"""
What holds of whatever bytes the reader takes, and of what the writer makes of them.

A broken law is an AssertionError, which atheris reports together with the input. The schema is
asked where SAFETY_E2B_SCHEMA_DIR names it.
"""

from functools import cache

from lxml import etree

from consumers.e2b import check_file
from consumers.schema_gate import SchemaGate
from consumers.settings import load_settings
from consumers.wiring import build_schema_gate
from safety.intake import read_report
from schemas.errors import ContractError
from schemas.icsr.document import parse_document
from schemas.icsr.read import Icsr, parse_icsr_batch
from schemas.messages.adverse_event import AdverseEventReport
from tests.unit.reports.e2b.messages import CREATED, entities_of, outgoing, read_back, sent
from tests.unit.schemas.icsr.test_fuzz import strings, texts_of

# A value that only the schema knows to be wrong; see the known limits in docs/e2b.md.
_SCHEMA_ALONE = ("telecom",)


def read_without_loss(xml: bytes) -> list[Icsr]:
    """
    Read: a refusal, or reports in which every text of the file is found again.

    A nullification says that the case is void and why; what else stands in it is in its payload.
    """
    try:
        found = list(parse_icsr_batch(xml))
    except ContractError:
        return []
    icsrs = [icsr for icsr in found if isinstance(icsr, Icsr)]
    for icsr in icsrs:
        if not isinstance(icsr.data, AdverseEventReport):
            continue
        said = "\n".join(strings(icsr.data.model_dump(mode="json")))
        lost = {text for text in texts_of(icsr.payload) if text not in said}
        assert not lost, f"{len(lost)} texts of the message are nowhere in the report"
    return icsrs


def write_and_read_again(report: AdverseEventReport) -> None:
    """Write a report: well-formed, the same case when read again, valid if no rule rejects it."""
    icsr = outgoing(read_report("fuzz", report))
    xml = sent(icsr)
    etree.fromstring(xml)
    back = read_back(xml).data
    assert isinstance(back, AdverseEventReport)
    assert entities_of(back) == entities_of(icsr.report), "the case that came back is another"
    [verdict] = check_file(xml, None, now=CREATED)
    gate = _gate()
    if gate is not None and not verdict.is_rejected:
        places = [fault.place for fault in gate.faults(parse_document(xml)).values()]
        assert all(place.startswith(_SCHEMA_ALONE) for place in places), places


@cache
def _gate() -> SchemaGate | None:
    return build_schema_gate(load_settings())
