"""Ctrl-C during a search: once for the best so far, once more for an end at once."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from csmcalc.portfolio.books.answers import rule_costs
from csmcalc.portfolio.books.assign import assign
from csmcalc.portfolio.books.engine import keyboard as keys
from csmcalc.portfolio.books.engine.keyboard import Keyboard, keyboard
from tests.books_assign.teams import task


class Clock:
    """A clock that stands where it is set."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    one = Clock()
    monkeypatch.setattr(keys, "time", one)
    return one


def test_the_first_interrupt_asks_for_the_best_so_far_and_a_later_one_ends(clock: Clock) -> None:
    told: list[str] = []
    one = Keyboard(told=lambda: told.append("ending"))
    one.interrupt()
    clock.now += 0.2
    one.interrupt()
    assert one.stop.is_set()
    assert told == ["ending"]
    clock.now += 1.0
    with pytest.raises(KeyboardInterrupt):
        one.interrupt()


def test_where_nothing_is_searched_an_interrupt_ends_at_once() -> None:
    one = Keyboard(searching=False)
    with pytest.raises(KeyboardInterrupt):
        one.interrupt()
    assert not one.stop.is_set()


def test_a_press_counts_once_beyond_the_search(clock: Clock) -> None:
    """The second signal of one press must not lose the books while they are written."""
    one = Keyboard()
    one.interrupt()
    one.searching = False
    clock.now += 0.5
    one.interrupt()


def test_the_outermost_listens_and_leaves_things_as_they_were() -> None:
    before = signal.getsignal(signal.SIGINT)
    with keyboard() as outer:
        with keyboard() as inner:
            assert inner is outer
            signal.raise_signal(signal.SIGINT)
        assert outer.stop.is_set()
    assert signal.getsignal(signal.SIGINT) is before
    with keyboard() as another:
        assert not another.stop.is_set()


def test_handlers_of_others_and_other_threads_are_left_alone() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    try:
        with keyboard() as one:
            signal.raise_signal(signal.SIGINT)
            assert not one.stop.is_set()
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == [signal.SIGINT]
    with keyboard() as outer, ThreadPoolExecutor(1) as pool:
        assert pool.submit(_listens_there).result() is not outer


def _listens_there() -> Keyboard:
    assert threading.current_thread() is not threading.main_thread()
    with keyboard() as one:
        return one


def test_an_interrupt_before_the_search_still_gives_books_that_are_checked() -> None:
    with keyboard() as one:
        one.interrupt()
        found = assign(task(), seconds=600)
    assert found.interrupted
    assert not found.verdict.violations


def test_an_interrupt_while_rules_are_costed_keeps_the_books() -> None:
    found = assign(task(rules=("balance arr within 90%", "customers at most 50 per CSM")), work=1)
    with keyboard() as one:
        one.interrupt()
        assert rule_costs(found, seconds=600) == []
