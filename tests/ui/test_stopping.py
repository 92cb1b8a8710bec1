from __future__ import annotations

from ui.stopping import WorkStops


def test_only_the_work_that_is_meant_is_stopped() -> None:
    stops = WorkStops()
    one, other = stops.begin("ward"), stops.begin("lab")
    stopped, running = stops.asker(one), stops.asker(other)
    stops.stop(one)
    assert stopped()
    assert not running()


def test_the_work_of_a_session_that_has_ended_stops() -> None:
    stops = WorkStops()
    mine = [stops.asker(stops.begin("ward")) for _ in range(2)]
    others = stops.asker(stops.begin("lab"))
    stops.stop_session("ward")
    assert all(stopped() for stopped in mine)
    assert not others()


def test_work_that_is_not_known_any_more_does_not_begin() -> None:
    stops = WorkStops()
    token = stops.begin("ward")
    stops.stop_session("ward")
    assert stops.asker(token)()
    assert stops.asker(None)()
    stops.end(token)
    stops.stop(token)
