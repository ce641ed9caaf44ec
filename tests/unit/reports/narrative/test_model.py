"""The document model: paragraphs in order, the comment apart, verbatim spans."""

from reports.narrative import Sentence
from tests.support.reports import follow_up, report
from tests.unit.reports.narrative.cases import tell


class TestSentence:
    def test_own_words_leave_out_what_the_source_said(self) -> None:
        sentence = Sentence('He said "no" twice.', ("x",), ((9, 11),))

        assert sentence.own_words == 'He said "\N{REPLACEMENT CHARACTER}" twice.'
        assert list(sentence.quoted()) == ["no"]

    def test_own_words_are_all_words_where_nothing_is_quoted(self) -> None:
        assert Sentence("He fell.", ("x",)).own_words == "He fell."


class TestNarrative:
    def test_the_source_words_follow_the_event_and_the_comment_comes_last(self) -> None:
        narrative = tell(report(narrative="He fell."), follow_up())

        assert [part.name for part in narrative.paragraphs] == [
            "source",
            "patient",
            "history",
            "drug",
            "event",
            "source_words",
            "outcome",
            "assessment",
            "follow_up",
            "comment",
        ]

    def test_the_body_is_everything_but_the_comment(self) -> None:
        narrative = tell(report(sender_comments="It was to be expected."))

        assert narrative.text == (
            f'{narrative.body}\n\nCompany comment: The sender commented: "It was to be expected."'
        )
        assert "comment" not in narrative.body

    def test_shows_no_patient_data_in_its_repr(self) -> None:
        assert repr(tell(report())) == "Narrative(CASE-1, version 1)"
