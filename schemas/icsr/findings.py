"""
The faults that reading may find in an ICSR: one row each, a code and a sentence.

A finding never stops the message: the case is made from what can be read. It names
the ICH element with its position ("E.i.4[2]", "G.k.4.r.1[1.3]") and never a value.
Sources: ICH E2B(R3) implementation guide (conformance, code lists, null flavours,
lengths) and faults seen in messages that pass the XSD.
"""

from schemas.messages.adverse_event import ReadingFinding

SENTENCES: dict[str, str] = {
    # The wrapper
    "batch_wrapper_missing": "The message stands alone; put it into a batch with N.1.1 to N.1.5.",
    "wrapper_order": "Sender and receiver of the batch must come after its messages.",
    "message_id_missing": "Batch number or message id is missing; the bytes identify the message.",
    "message_id_differs_from_case_id": "The message id must equal the safety report id C.1.1.",
    "creation_time_differs": "The creation time of message and report (N.2.r.4, C.1.2) must agree.",
    "created_before_information": "The message was made before the information it holds (C.1.5).",
    "sender_unknown": "Neither batch nor message names its sender.",
    "time_without_offset": "The time has no UTC offset and is taken as UTC.",
    "receipt_time_inferred": "No usable creation time; a date of the report stands for it.",
    "xsi_type_unresolved": "The prefix of an xsi:type leads to no namespace; taken as HL7's.",
    # Values
    "missing_mandatory": "This element is mandatory.",
    "missing_conditional": "This element is mandatory beside the others that were sent.",
    "value_with_null_flavor": "A value and a null flavour exclude each other; the value is taken.",
    "null_flavor_not_allowed": "This element does not admit this null flavour.",
    "invalid_date": "Not a date of 1900 to 2100 in the form CCYYMMDDhhmmss+hhmm; kept as written.",
    "incomplete_date": "A complete day is needed here; kept as written.",
    "date_detail_dropped": "More detail than the model holds, or hours alone; kept as written.",
    "not_a_number": "Not a decimal number of up to 15 digits; kept as written.",
    "unit_missing": "A number needs its unit; kept as written.",
    "unit_unexpected": "This element is measured in another unit; kept as written.",
    "not_in_code_list": "The code list has no such code; kept as written.",
    "code_system_missing": "The code does not say which list it is from.",
    "code_system_as_text": "The code system must be an OID; it is named in words.",
    "unexpected_code_system": "The code is from another list than this element's; kept as written.",
    "coded_by_name_only": "A name without a code; kept as written.",
    "result_is_a_range": "The model holds a number or a bound, not a range; kept as written.",
    "country_not_iso": "Not an ISO 3166-1 alpha-2 country code; kept as written.",
    "language_not_iso": "The language must be an ISO 639-2 code of three letters.",
    "meddra_code_malformed": "A MedDRA code has eight digits.",
    "meddra_version_malformed": "A MedDRA version is written like 27.1.",
    "several_meddra_versions": "One report must use one MedDRA version.",
    "placeholder_text": "The number of an element stands where its value should be.",
    "longer_than_ich_allows": "The text is longer than the standard allows.",
    "longer_than_the_model_holds": "The text is too long for the case model; kept as written.",
    "true_or_absent": "Only true may be sent here.",
    "telecom_without_scheme": "A number or address must begin with tel:, fax: or mailto:.",
    "identifier_rewritten": "The identifier has characters or a length that keys may not have.",
    "several_codes": "One observation carries several codes; the rest is kept as written.",
    "repeated_element": "An element that occurs once was sent twice; the first is taken.",
    "two_product_codes": "A product carries either an MPID or a PhPID, not both.",
    # References
    "missing_id": "No identifier; the position stands for it.",
    "repeated_id": "Two entries have the same identifier; references mean the first.",
    "dangling_reference": "The reference leads to no reaction or drug of this report; row kept.",
    "assessment_without_result": "An assessment without a result; row kept.",
    "assessor_not_recognised": "It is not clear who assessed; read as another party.",
    "attachment_not_base64": "The attachment cannot be decoded; it remains in the message.",
    # Case
    "missing_narrative": "The narrative is required.",
    "missing_reaction": "A report needs at least one reaction.",
    "missing_verbatim": "The reporter's own words for the reaction are missing.",
    "missing_drug": "A report needs at least one drug.",
    "no_suspect_drug": "No drug is suspect, interacting or not administered.",
    "no_primary_source": "No source is marked as primary for regulatory purposes.",
    "several_primary_sources": "Several sources are marked as primary.",
    "amendment_on_initial": "Marked as an amendment, while its dates are those of a first report.",
    "seriousness_false": "A criterion is true or not stated, never false; taken as not stated.",
    "highlight_contradicts_seriousness": "The reporter's mark and the criteria disagree.",
    "seriousness_of_the_case": "E2B(R2) tells it of the case; taken for each reaction.",
    "interval_not_even": "The doses do not divide the time into whole hours; kept as written.",
    "fatal_without_death_criterion": "The outcome is fatal, the criterion death is not set.",
    "death_before_birth": "The date of death is before the date of birth.",
    "end_before_start": "The end is before the start.",
    "start_end_and_duration": "Start, end and duration stand in one interval; two are enough.",
    "dates_out_of_order": "The most recent information (C.1.5) is older than the first (C.1.4).",
}


class Findings:
    """The findings of one message, each once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], ReadingFinding] = {}

    def note(self, code: str, path: str) -> None:
        """Add a finding of the table at an ICH element."""
        self._found.setdefault(
            (code, path), ReadingFinding(code=code, path=path, message=SENTENCES[code])
        )

    def all(self) -> list[ReadingFinding]:
        """Give the findings in the order in which they were made."""
        return list(self._found.values())
