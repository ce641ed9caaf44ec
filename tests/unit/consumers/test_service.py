"""The consumer as a process."""

import os
import signal

import pytest

from consumers.service import stopped_by_signals


class Loop:
    def __init__(self) -> None:
        self.stopped = 0

    def stop(self) -> None:
        self.stopped += 1


class TestStoppedBySignals:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_lets_the_loop_finish_its_batch(self, number: signal.Signals) -> None:
        loop = Loop()

        with stopped_by_signals(loop):  # type: ignore[arg-type]
            os.kill(os.getpid(), number)

        assert loop.stopped == 1

    def test_the_second_ctrl_c_interrupts(self) -> None:
        loop = Loop()

        with stopped_by_signals(loop):  # type: ignore[arg-type]
            os.kill(os.getpid(), signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)

        assert loop.stopped == 1

    def test_afterwards_signals_mean_what_they_meant_before(self) -> None:
        before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

        with stopped_by_signals(Loop()):  # type: ignore[arg-type]
            pass

        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
