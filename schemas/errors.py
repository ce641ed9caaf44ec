"""
What can be wrong with a message before its meaning is looked at.

A `ContractError` can never succeed by trying again: the message is parked with
its reason, the path of the offending field and what the sender should do. It
names fields and rules, never values, because it reaches logs and headers.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a message is refused; the reason code of quarantine, alert and metric."""

    NOT_JSON = "not_json"
    NOT_UTF8 = "not_utf8"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    EMPTY = "empty"
    NOT_AN_ENVELOPE = "not_an_envelope"
    UNKNOWN_TYPE = "unknown_type"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    INVALID_VALUE = "invalid_value"
    NAIVE_TIME = "naive_time"
    UNKNOWN_COUNTRY = "unknown_country"
    WRONG_TOPIC = "wrong_topic"
    UNKNOWN_SOURCE = "unknown_source"
    SUBJECT_MISMATCH = "subject_mismatch"
    ID_REUSED = "id_reused"
    FUTURE_AWARENESS = "future_awareness"
    MERGE_REFUSED = "merge_refused"
    NOT_XML = "not_xml"
    FORBIDDEN_XML = "forbidden_xml"
    NOT_AN_ICSR = "not_an_icsr"
    XSD_INVALID = "xsd_invalid"
    UNUSABLE_ICSR = "unusable_icsr"
    NOT_AN_ACKNOWLEDGEMENT = "not_an_acknowledgement"
    UNKNOWN_TRANSMISSION = "unknown_transmission"


class ContractError(Exception):
    """
    The message breaks its contract and is parked.

    Attributes:
        reason: The machine-readable reason code.
        path: Where, as a dotted path or an XPath; empty for the whole message.
        advice: What the sender should do, in one sentence.
    """

    def __init__(self, reason: Reason, path: str, advice: str) -> None:
        self.reason = reason
        self.path = path
        self.advice = advice
        super().__init__(f"{reason.value} at {path or 'the message'}: {advice}")
