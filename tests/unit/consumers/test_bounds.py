"""Too much quarantine stops the consumer, by run and by share."""

import pytest

from consumers.bounds import QuarantineBound, QuarantineLimitError


class TestQuarantineBound:
    def test_a_run_of_bad_messages_stops_it(self) -> None:
        bound = QuarantineBound(run=3, ratio=1.0)
        bound.observe([True, True])

        with pytest.raises(QuarantineLimitError, match="3 messages in a row"):
            bound.check([True])

    def test_a_good_message_ends_the_run(self) -> None:
        bound = QuarantineBound(run=3, ratio=1.0)
        bound.observe([True, True, False, True, True])

        bound.check([False])

    def test_a_share_of_bad_messages_stops_it(self) -> None:
        bound = QuarantineBound(run=1_000, ratio=0.2)
        bound.observe([False] * 80)

        with pytest.raises(QuarantineLimitError, match="22%"):
            bound.check([True] * 22)  # 22 of 102

    def test_a_few_messages_say_nothing_of_a_share(self) -> None:
        QuarantineBound(run=1_000, ratio=0.2).check([True] * 50)

    def test_looking_twice_at_a_batch_counts_it_once(self) -> None:
        bound = QuarantineBound(run=3, ratio=1.0)
        bound.check([True, True])
        bound.check([True, True])
        bound.observe([True, True])

        bound.check([False])

    def test_what_was_stored_before_stops_no_good_message(self) -> None:
        bound = QuarantineBound(run=3, ratio=0.2)
        bound.observe([False] * 80 + [True] * 40)  # let through by a person who raised both

        bound.check([False] * 10)
        with pytest.raises(QuarantineLimitError, match="41 messages in a row"):
            bound.check([True])
