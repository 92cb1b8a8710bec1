"""The Hub of the tests, as the tests of the zoo have it."""

from tests.zoo.conftest import hub, hub_server

__all__ = ["hub", "hub_server"]
