from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch

from zoo.inference.sliding import side_by_side


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
def test_results_come_in_order_from_threads_of_one_core_each() -> None:
    second_has_run = threading.Event()

    def slow_first(piece: int) -> tuple[int, int, str]:
        if piece == 0:
            assert second_has_run.wait(timeout=60), "pieces do not run side by side"
        else:
            second_has_run.set()
        return piece, torch.get_num_threads(), threading.current_thread().name

    results = list(side_by_side(slow_first, range(20)))
    assert [piece for piece, _, _ in results] == list(range(20))
    assert {n for _, n, _ in results} == {1}
    assert threading.current_thread().name not in {name for _, _, name in results}


@pytest.mark.usefixtures("two_threads")
def test_threads_that_start_later_have_all_cores_again() -> None:
    seen = []
    for _ in side_by_side(lambda piece: piece, range(5)):
        thread = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
        thread.start()
        thread.join()
    assert seen == [2] * 5
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("two_threads")
def test_a_piece_that_comes_alone_has_all_cores() -> None:
    assert list(side_by_side(lambda _: torch.get_num_threads(), [0])) == [2]
    assert list(side_by_side(lambda _: torch.get_num_threads(), [])) == []


@pytest.mark.usefixtures("two_threads")
def test_no_more_pieces_are_drawn_than_cores_can_work_on() -> None:
    drawn = []

    def pieces() -> Iterator[int]:
        for number in range(50):
            drawn.append(number)
            yield number

    for result in side_by_side(lambda piece: piece, pieces()):
        assert len(drawn) <= result + 2 + 2


@pytest.mark.usefixtures("two_threads")
def test_what_goes_wrong_is_raised_and_no_thread_stays() -> None:
    def fails(piece: int) -> int:
        if piece == 3:
            raise ValueError("piece 3")
        return piece

    before = threading.active_count()
    done = []
    with pytest.raises(ValueError, match="piece 3"):
        for result in side_by_side(fails, range(50)):
            done.append(result)
    assert done == [0, 1, 2]
    assert threading.active_count() == before


@pytest.mark.usefixtures("two_threads")
def test_whoever_stops_asking_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    stream = side_by_side(lambda piece: piece, range(50))
    assert next(stream) == 0
    stream.close()
    assert threading.active_count() == before


@pytest.mark.usefixtures("two_threads")
def test_whoever_stops_asking_waits_for_what_runs() -> None:
    running, may_end = threading.Event(), threading.Event()
    ended = []

    def slow(piece: int) -> int:
        if piece == 1:
            running.set()
            may_end.wait(timeout=60)
            ended.append(piece)
        return piece

    before = threading.active_count()
    stream = side_by_side(slow, range(50))
    assert next(stream) == 0
    assert running.wait(timeout=60)
    threading.Timer(0.05, may_end.set).start()
    stream.close()
    assert ended == [1]
    assert set(side_by_side(lambda _: torch.get_num_threads(), range(9))) == {1}
    assert threading.active_count() <= before + 1  # the timer's
