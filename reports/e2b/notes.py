"""Why does a message not say all, or not exactly, what the case says? One sentence each."""

SENTENCES: dict[str, str] = {
    "no_element": "E2B(R3) has no element for this; tell it in the narrative.",
    "null_flavor_not_allowed": "The element admits no such null flavour; it is left out.",
    "not_meddra": "The element takes MedDRA codes only; the words are sent without a code.",
    "code_system_unknown": "The code's system has no OID here; the words are sent without it.",
    "dangling_reference": "It names a drug or reaction that the message does not have.",
    "nothing_to_send": "The entry says nothing that has an element of its own.",
    "interrupted_as_withdrawn": "An interruption has no code and is sent as 1, withdrawn.",
    "source_reworded": "The source of an assessment is named so that its party is clear.",
    "control_character": "XML 1.0 cannot hold a character of this text; U+FFFD stands there.",
    "attachment_not_held": "The bytes of the document are not in the log; its title is sent.",
    "regional_element": "A regional element that this receiver does not take.",
    "identifier_not_whole": "The identifier was too long for a key; what is held of it is sent.",
}
