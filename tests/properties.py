"""How many examples a property test tries, and whether they are the same every time.

`make test` runs the profile `fixed`: the examples follow from the test alone, so that a run
passes or fails the same way everywhere. `make test-slow` runs `random`: other examples every
time, and many more; `make fuzz` runs `fuzz`, round after round (`tests.fuzz`). What a random run
finds becomes an `@example` of the test.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

PROFILE_VARIABLE = "SEIZURE_ZOO_TEST_EXAMPLES"
# All examples of a test share its `tmp_path`: each one overwrites the file of the last.
SHARED = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}

settings.register_profile("fixed", derandomize=True, max_examples=40, **SHARED)
# For who asks only whether a test fails: the smallest example that fails is not looked for.
settings.register_profile(
    "unshrunk",
    derandomize=True,
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    **SHARED,
)
settings.register_profile("random", max_examples=300, print_blob=True, **SHARED)
# One round of `make fuzz`, which keeps on going after what it finds.
settings.register_profile(
    "fuzz", max_examples=400, phases=[Phase.explicit, Phase.generate], **SHARED
)


def load_profile() -> None:
    """Use the profile that the environment names, `fixed` where it names none."""
    settings.load_profile(os.environ.get(PROFILE_VARIABLE, "fixed"))


def examples(share: float) -> settings:
    """Return settings with so many times the profile's number of examples.

    Less than one where an example is slow, more where few of them reach the odd cases.
    """
    return settings(max_examples=max(1, round(share * settings().max_examples)))
