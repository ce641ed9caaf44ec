"""Rulebooks: what ships is sound, and what cannot be law is refused with its place."""

from datetime import date
from typing import Any

import pytest

from safety.errors import KnowledgeError
from safety.rulebooks import load_rulebooks
from safety.rulebooks.load import EVIDENCE, parse_rulebook
from safety.rulebooks.model import Clock, Related

HEAD = 'name = "X"\nversion = "1"\nhome = ["XA"]\nlabel = "EU"\n'
ROW = """
[[rule]]
id = "X-1"
contexts = ["trial"]
serious = true
related = "any_party"
days = 15
clock = "awareness"
followup_days = 15
recipients = ["X"]
provision = "Article 1"
evidence = "V"
"""


def parse(rows: str) -> Any:
    return parse_rulebook((HEAD + rows).encode(), "x.toml")


class TestShipped:
    def test_every_jurisdiction_is_there(self) -> None:
        names = {book.name for book in load_rulebooks()}

        assert names == {"EMA", "FDA", "HC", "MHRA", "NMPA", "PMDA", "SMC"}

    def test_every_row_says_how_far_it_was_checked(self) -> None:
        assert {rule.evidence for book in load_rulebooks() for rule in book.rules} <= EVIDENCE

    def test_the_chinese_rows_of_the_study_end_the_day_before_todays_begin(self) -> None:
        # MoH Decree 81 from 2011-07-01; announcement No. 66 effective 2019-01-01
        (china,) = load_rulebooks(("NMPA",))
        rows = {rule.rule_id: rule for rule in china.rules}

        assert rows["CN-H1a"].valid_from == date(2011, 7, 1)
        assert rows["CN-H1a"].valid_to == date(2018, 12, 31)
        assert rows["CN-4"].valid_from == date(2019, 1, 1)

    def test_the_fda_trial_clock_counts_from_determination(self) -> None:
        (fda,) = load_rulebooks(("FDA",))
        rows = {rule.rule_id: rule for rule in fda.rules}

        assert rows["US-2"].clock is Clock.DETERMINATION
        assert rows["US-1"].clock is Clock.AWARENESS
        assert rows["US-1"].related is Related.SPONSOR

    def test_a_digest_changes_with_the_file(self) -> None:
        assert parse(ROW).digest != parse(ROW + "# another edition\n").digest


class TestRefused:
    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            (ROW.replace("serious = true", "serius = true"), "unknown field serius"),
            (ROW.replace('id = "X-1"\n', ""), "'id' is missing"),
            (ROW.replace('"any_party"', '"anybody"'), "rule X-1"),
            (ROW.replace('evidence = "V"', 'evidence = "hearsay"'), "evidence tag"),
            (ROW.replace('["trial"]', '["moon"]'), "contexts must be among"),
            (ROW.replace("days = 15\nclock", "days = -1\nclock"), "counted forward"),
            (ROW.replace('recipients = ["X"]', "recipients = []"), "names its recipients"),
            (ROW + ROW, "two rows have the id X-1"),
            (ROW + ROW.replace("X-1", "X-2"), "X-1 and X-2 decide the same thing"),
            (
                ROW + "valid_from = 2020-01-01\nvalid_to = 2019-01-01\n",
                "valid_from is after valid_to",
            ),
            ("", "'rule' is missing"),
            ("rule = []", "'rule' is missing or empty"),
            ("rule = 7", "'rule' must be a list of rows"),
            (
                ROW.replace("days = 15\nclock", 'days = "15"\nclock'),
                "'days' must be a whole number",
            ),
            (
                ROW.replace("days = 15\nclock", "days = 15.5\nclock"),
                "'days' must be a whole number",
            ),
            (
                ROW.replace("days = 15\nclock", "days = true\nclock"),
                "'days' must be a whole number",
            ),
            (ROW.replace("days = 15\nclock", "days = 99999999\nclock"), "3650 at the most"),
            (ROW + "hard_stop_days = -3\n", "hard_stop_days: days are counted forward"),
            (ROW.replace("serious = true", 'serious = "yes"'), "'serious' must be true or false"),
            (ROW.replace('["trial"]', '"trial"'), "'contexts' must be a list of texts"),
            (ROW.replace('recipients = ["X"]', "recipients = [7]"), "must be a list of texts"),
            (ROW + "valid_from = 2020-01-01T00:00:00Z\n", "'valid_from' must be a date"),
            (ROW + 'valid_to = "2020-01-01"\n', "'valid_to' must be a date"),
            ('home = "CN"\n', "not readable as TOML"),  # the head has it already
            ('downgrade_days = "later"\n' + ROW, "downgrade_days must be one of"),
            ("not = = toml", "not readable as TOML"),
        ],
    )
    def test_a_faulty_file_is_refused_with_its_place(self, rows: str, words: str) -> None:
        with pytest.raises(KnowledgeError, match=r"x\.toml") as refused:
            parse(rows)

        assert words in str(refused.value)

    def test_a_home_that_is_no_country_is_refused(self) -> None:
        with pytest.raises(KnowledgeError, match="home: 'China' is no country code"):
            parse_rulebook((HEAD.replace('"XA"', '"China"') + ROW).encode(), "x.toml")

    def test_a_byte_order_mark_is_no_fault(self) -> None:
        assert parse_rulebook(b"\xef\xbb\xbf" + (HEAD + ROW).encode(), "x.toml").name == "X"

    def test_two_editions_of_one_row_may_follow_each_other(self) -> None:
        old = ROW + "valid_to = 2019-12-31\n"
        new = ROW.replace("X-1", "X-2") + "valid_from = 2020-01-01\n"

        assert len(parse(old + new).rules) == 2


class TestOtherDuties:
    OTHER = """
[[other_duty]]
id = "X-9"
what = "A signal"
within = "at once"
recipient = "X"
provision = "Article 9"
evidence = "V"
"""

    def test_are_read_and_never_evaluated(self) -> None:
        book = parse(ROW + self.OTHER)

        assert [other.what for other in book.others] == ["A signal"]
        assert [rule.rule_id for rule in book.rules] == ["X-1"]

    def test_those_of_the_brief_are_there(self) -> None:
        # section 1.2, the rows without criteria of a case; EC-1 and INV-1 by authority
        ids = {other.duty_id for book in load_rulebooks() for other in book.others}

        assert {"US-3", "US-4", "US-7", "US-8", "EU-6", "EU-7", "CN-3", "CN-8", "CN-9"} <= ids
        assert {"JP-6", "CH-3", "US-EC", "EU-EC", "EU-INV", "CN-INV", "CH-INV"} <= ids

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [
            ('what = "A signal"', "", "'what' is missing"),
            ('within = "at once"', 'within = "at once"\ndays = 3', "unknown field days"),
            ('evidence = "V"', 'evidence = "sure"', "evidence tag"),
            ('id = "X-9"', 'id = "X-1"', "two rows have the id X-1"),
        ],
    )
    def test_a_faulty_one_is_refused_with_its_place(self, old: str, new: str, named: str) -> None:
        with pytest.raises(KnowledgeError, match=rf"x\.toml.*{named}"):
            parse(ROW + self.OTHER.replace(old, new))
