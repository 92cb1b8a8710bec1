"""Names of the queues events wait in: those of one name share their places."""

from __future__ import annotations

# Detection uses all cores: one at a time is as fast as several, and fairer.
INFERENCE_QUEUE = "inference"
