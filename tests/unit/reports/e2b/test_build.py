"""What a message says of itself: numbers, dates, amendments, and what it leaves out."""

import pytest

from reports.e2b.build import Choices
from reports.e2b.identity import identifier_of
from reports.e2b.model import Icsr, OwnSender
from reports.e2b.profiles import load_profile, profile_names
from safety.case import Report
from safety.errors import KnowledgeError
from schemas.icsr.keys import key_of
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from schemas.values import Explicit
from schemas.vocabulary import Criterion, NullFlavor, Outcome, StudyType
from tests.support.reports import correction, decision, follow_up, nullification, reaction, report
from tests.unit.reports.e2b.messages import CREATED, SENDER, outgoing, parsed, read_back, sent

NAMES = {"h": "urn:hl7-org:v3"}


def notes(icsr: Icsr) -> set[tuple[str, str]]:
    return {(one.code, one.path) for one in icsr.left_out}


def told(icsr: Icsr) -> AdverseEventReport:
    data = read_back(sent(icsr)).data
    assert isinstance(data, AdverseEventReport)
    return data


class TestNumbers:
    def test_a_number_that_is_not_of_ichs_form_gets_country_and_sender_before_it(self) -> None:
        # the reporter's country of the made-up report is CN; the sender has no hyphen in it
        assert outgoing(report()).identity.safety_report_id == "CN-USTEST-16621-01-001-AE01"

    def test_a_number_of_ichs_form_is_kept(self) -> None:
        case = {"sender": "X", "sender_case_id": "DE-X-1", "worldwide_id": "FR-Y-2"}

        identity = outgoing(report(case=case)).identity

        assert (identity.safety_report_id, identity.worldwide_id) == ("DE-X-1", "FR-Y-2")

    def test_numbers_do_not_change_with_later_reports(self) -> None:
        later = follow_up(case={"sender": "OTHER", "sender_case_id": "US-OTHER-9"})

        assert outgoing(report(), later).identity == outgoing(report()).identity

    def test_reactions_have_the_same_uuid_in_every_message_about_their_case(self) -> None:
        first, second = outgoing(report()), outgoing(report(), follow_up())

        assert first.report.reactions is not None
        assert second.report.reactions is not None
        assert first.report.reactions[0].reaction_id == second.report.reactions[0].reaction_id

    @pytest.mark.parametrize("written", ["住院号 1", "a_x20_b", "plain-1", "_x", "a\\b"])
    def test_an_identifier_is_the_one_that_its_key_stands_for(self, written: str) -> None:
        assert identifier_of(key_of(written)) == written


class TestDates:
    def test_the_first_day_of_all_and_the_newest_information(self) -> None:
        icsr = outgoing(report(), follow_up(day="2026-03-09"))

        assert str(icsr.first_received) == "2026-03-02"
        assert str(icsr.most_recent) == "2026-03-09"

    def test_a_decision_of_ours_brings_no_new_information(self) -> None:
        action = {"kind": "confirm_seriousness", "reaction_id": "r1", "criterion": "death"}
        decided = decision("d", action | {"value": True}, day="2026-03-20")

        icsr = outgoing(report(), decided)

        assert str(icsr.most_recent) == "2026-03-02"
        assert icsr.report.reactions is not None
        assert icsr.report.reactions[0].seriousness is not None
        assert icsr.report.reactions[0].seriousness.death is True


class TestAmendments:
    def test_a_first_report_and_a_follow_up_amend_nothing(self) -> None:
        assert outgoing(report()).amendment is None
        assert outgoing(report(), follow_up()).amendment is None

    def test_a_correction_is_an_amendment_with_its_reason(self) -> None:
        icsr = outgoing(report(), correction(correction_reason="wrong date"))

        root = parsed(sent(icsr))
        [value] = root.xpath(
            "//h:investigationCharacteristic[h:code/@code='3']/h:value/@code", namespaces=NAMES
        )
        assert value == "2"  # C.1.11.1: amendment
        assert told(icsr).correction_reason == "wrong date"

    def test_an_amendment_can_be_asked_for(self) -> None:
        icsr = outgoing(report(), choices=Choices(amendment="recoded"))

        assert told(icsr).correction_reason == "recoded"

    def test_a_void_case_goes_out_as_a_nullification(self) -> None:
        icsr = outgoing(report(), nullification(reason="duplicate"))

        data = read_back(sent(icsr)).data

        assert isinstance(data, Nullification)
        assert data.reason.value == "duplicate"
        assert "the same event was reported twice" in data.explanation

    def test_a_refused_nullification_voids_nothing(self) -> None:
        assert outgoing(report(), nullification(reason="downgrade")).amendment is None


class TestLeftOut:
    def test_what_has_no_element_is_noted(self) -> None:
        changed = reaction(treatment="heparin", grade={"grade": 3, "ctcae": "5.0"})

        found = notes(outgoing(report(reactions=changed)))

        assert ("no_element", "reactions.treatment") in found
        assert ("no_element", "reactions.grade") in found

    def test_a_null_flavour_goes_only_where_the_element_admits_it(self) -> None:
        # E.i.4 admits MSK, ASKU and NASK, not UNK
        allowed = outgoing(report(reactions=reaction(onset={"null": "ASKU"})))
        refused = outgoing(report(reactions=reaction(onset={"null": "UNK"})))

        assert ("null_flavor_not_allowed", "reactions.onset") not in notes(allowed)
        assert ("null_flavor_not_allowed", "reactions.onset") in notes(refused)

    def test_a_control_character_is_replaced_visibly_and_noted(self) -> None:
        icsr = outgoing(report(narrative="a\x00b\x0bc\ufffe腹泻"))

        assert told(icsr).narrative == "a\ufffdb\ufffdc\ufffd腹泻"
        assert ("control_character", "narrative") in notes(icsr)

    def test_a_code_of_another_terminology_is_no_meddra_code(self) -> None:
        term = {"text": "x", "language": "en", "coded": {"system": "NCIt", "code": "C1"}}

        icsr = outgoing(report(reactions=reaction(term=term)))

        assert ("not_meddra", "reactions.term.coded") in notes(icsr)
        assert told(icsr).reactions is not None

    def test_a_document_goes_with_its_bytes_if_they_are_held(self) -> None:
        digest = "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"
        held = {"document_id": "a1", "title": "letter", "media_type": "text/plain"}
        with_document = report(documents=[held | {"digest": digest}])

        sent_with = outgoing(with_document, choices=Choices(attachments={digest: b"x"}))
        sent_without = outgoing(with_document)

        [document] = told(sent_with).documents or []
        assert (document.digest, document.media_type) == (digest, "text/plain")
        assert ("attachment_not_held", "documents.digest") in notes(sent_without)


class TestWhatNobodyTold:
    """Where the standard has a value for "not known", it is sent; nothing is invented."""

    def test_an_outcome_and_criteria_are_not_known(self) -> None:
        without = report(reactions=reaction(seriousness=None))

        [told_reaction] = told(outgoing(without)).reactions or []

        assert told_reaction.outcome is Outcome.UNKNOWN
        assert told_reaction.seriousness is not None
        for criterion in Criterion:
            stated = getattr(told_reaction.seriousness, criterion.value)
            assert stated == Explicit(null=NullFlavor.NI)

    def test_initials_history_qualification_and_the_date_of_a_test_are_unknown(self) -> None:
        unknown = Explicit(null=NullFlavor.UNK)
        data = told(
            outgoing(
                report(
                    patient={"sex": "male"},
                    reporters=[{"reporter_id": "1", "country": "CN"}],
                    tests=[{"test_id": "t", "name": "ALT", "result_text": "high"}],
                )
            )
        )

        assert data.patient is not None
        assert data.patient.initials == unknown
        assert data.patient.history_text == unknown
        assert data.reporters is not None
        assert data.reporters[0].qualification == unknown
        assert data.tests is not None
        assert data.tests[0].date == unknown

    def test_one_source_is_primary_the_first_whose_country_is_known(self) -> None:
        reporters = [{"reporter_id": "1"}, {"reporter_id": "2", "country": "CN"}]

        data = told(outgoing(report(reporters=reporters)))

        assert [one.primary for one in data.reporters or []] == [None, True]

    def test_the_generated_narrative_stands_only_where_no_source_told_one(self) -> None:
        choices = Choices(narrative="generated", expedited=True)

        without = told(outgoing(report(), choices=choices))
        with_own = told(outgoing(report(narrative="told"), choices=choices))

        assert (without.narrative, with_own.narrative) == ("generated", "told")
        assert without.expedited_by_sender is True

    def test_the_type_of_a_known_study_is_sent(self) -> None:
        data = told(outgoing(report(), choices=Choices(study_type="other_study")))

        assert data.study is not None
        assert data.study.study_type is StudyType.OTHER_STUDY
        assert data.study.study_id == "NCT01751763"
        assert data.patient is not None
        assert data.patient.investigation_number == "01-001"

    def test_the_desks_code_and_criterion_stand_for_the_sources(self) -> None:
        code = {"system": "MedDRA", "code": "10099999", "version": "28.1"}
        recoded = decision(
            "d", {"kind": "recode", "reaction_id": "r1", "term": "Embolism", "coded": code}
        )

        [told_reaction] = told(outgoing(report(), recoded)).reactions or []

        assert told_reaction.term is not None
        assert told_reaction.term.coded is not None
        assert told_reaction.term.coded.code == "10099999"
        assert told_reaction.term.text == "Pulmonary embolism"


class TestSender:
    def test_the_settings_say_who_sends(self) -> None:
        icsr = outgoing(report(), sender=OwnSender("ME", "Our House", "CN"))

        assert icsr.report.sender is not None
        assert (icsr.report.sender.organisation, icsr.report.sender.country) == ("Our House", "CN")


class TestProfiles:
    def test_every_profile_says_how_far_it_was_checked(self) -> None:
        assert {name: load_profile(name).evidence for name in profile_names()} == {
            "ich": "documented",
            "fda-ind": "documented",
            "fda-postmarket": "documented",
            "ema-post": "general",
            "ema-trial": "general",
            "nmpa": "secondary",
        }

    def test_an_element_that_a_receiver_does_not_have_is_refused(self) -> None:
        with pytest.raises(KnowledgeError, match="has no element"):
            outgoing(report(), choices=Choices(regional={"FDA.C.1.12": "true"}))

    def test_nmpa_gets_its_elements_only_if_they_are_given(self) -> None:
        without = sent(outgoing(report(), profile="nmpa"), "nmpa")
        given = outgoing(report(), profile="nmpa", choices=Choices(regional={"C.1.CN.1": "3"}))

        assert b"CN-6" not in without
        assert b'code="CN-6"' in sent(given, "nmpa")


def test_the_moment_of_creation_has_seconds_and_offset() -> None:
    root = parsed(sent(outgoing(report())))

    assert root.find("h:creationTime", NAMES).get("value") == "20260601103000+0000"
    assert CREATED.year == 2026
    assert SENDER.identifier == root.find("h:sender/h:device/h:id", NAMES).get("extension")
    assert isinstance(report(), Report)
