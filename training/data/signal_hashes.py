"""Identification of recordings by hashes of their signals.

Short blocks of each channel's stored integers are hashed with a salt. Their positions depend on
their contents only: a rolling hash picks about one start in `FINEST_SPACING`. So renamed files,
clips from anywhere, and files with another header give the same blocks. This is content-defined
chunking (Muthitacharoen, Chen and Mazieres, "A low-bandwidth network file system", SOSP 2001).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.data.digital_samples import digital_samples

BLOCK_SAMPLES = 64
FINEST_SPACING = 512
MAX_CARD_HASHES = 20_000

# Flat lines, calibration steps, and the decay after amplifier blocking look the same in many files.
# Hashed blocks must have more variation than these:
_FEWEST_VALUES = 16
_FEWEST_CURVATURES = 10
_FEWEST_TURNS = 4

_CHUNK_SAMPLES = 1 << 20
_ENOUGH_KNOWN = 3

_BASE = 0x9E3779B97F4A7C15  # Odd, so that it has an inverse modulo 2**64.
_MODULUS = 1 << 64

HASHES = np.dtype([("rank", np.uint64), ("hash", np.uint64)])
"""A block: its rank (small ranks are picked at every spacing) and its hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """Result of looking up a recording.

    Attributes
    ----------
    n_blocks : int
        Blocks looked up.
    n_known : int
        Blocks found.
    """

    n_blocks: int
    n_known: int

    @property
    def is_known(self) -> bool:
        """Whether the recording, or a part of it, is known: more than chance matches."""
        return self.n_known >= _ENOUGH_KNOWN


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownSignals:
    """Hashes of the training recordings.

    Attributes
    ----------
    salt : str
        Hexadecimal; hashes with different salts are not comparable.
    """

    salt: str
    hashes: frozenset[int]

    @classmethod
    def of_section(cls, section: Any) -> KnownSignals:
        """Return the hashes in a card's `training.signals` section."""
        return cls(
            salt=section.salt,
            hashes=frozenset(int(block_hash, 16) for block_hash in section.hashes),
        )

    def recognise(self, path: Path) -> Recognition:
        """Look up the blocks of a file.

        Raises
        ------
        RecordingError
            The file cannot be read.
        """
        return self.recognise_samples(digital_samples(path))

    def recognise_samples(self, channels: Iterable[NDArray[np.int32]]) -> Recognition:
        """Look up the blocks of channels."""
        found = {int(value) for value in hash_channels(channels, salt=self.salt)["hash"]}
        return Recognition(n_blocks=len(found), n_known=len(found & self.hashes))


def new_salt() -> str:
    """Return a random salt."""
    return secrets.token_hex(16)


def hash_file(path: Path, *, salt: str) -> NDArray[np.void]:
    """Return the block hashes of a recording, dtype `HASHES`, sorted and unique.

    Raises
    ------
    RecordingError
        The file cannot be read.
    """
    return hash_channels(digital_samples(path), salt=salt)


def hash_channels(channels: Iterable[NDArray[np.int32]], *, salt: str) -> NDArray[np.void]:
    """Return the block hashes of channels, dtype `HASHES`, sorted and unique."""
    key = bytes.fromhex(salt)
    pieces = [_hash_channel(channel, key) for channel in channels]
    if not pieces:
        return np.zeros(0, dtype=HASHES)
    return np.unique(np.concatenate(pieces))


def card_section(hashes: NDArray[np.void], *, salt: str) -> dict[str, Any]:
    """Return the card's `training.signals` section, thinned evenly to a maximum size."""
    unique = np.unique(hashes)
    while len(unique) > MAX_CARD_HASHES:
        # Half of the ranks, as for twice the spacing.
        unique = unique[unique["rank"] < np.uint64(int(unique["rank"].max()) // 2 + 1)]
    return {
        "salt": salt,
        "block_samples": BLOCK_SAMPLES,
        "hashes": [f"{int(value):016x}" for value in np.unique(unique["hash"])],
    }


def _hash_channel(samples: NDArray[np.int32], key: bytes) -> NDArray[np.void]:
    found: list[tuple[int, int]] = []
    step = _CHUNK_SAMPLES - BLOCK_SAMPLES + 1
    for start in range(0, max(len(samples) - BLOCK_SAMPLES + 1, 0), step):
        chunk = samples[start : start + _CHUNK_SAMPLES]
        ranks = _ranks(chunk, key)
        for position in np.flatnonzero(ranks < np.uint64(_MODULUS // FINEST_SPACING)):
            block = chunk[position : position + BLOCK_SAMPLES]
            if _is_telling(block):
                digest = hashlib.blake2b(
                    block.astype("<i4").tobytes(), key=key, digest_size=8
                ).digest()
                found.append((int(ranks[position]), int.from_bytes(digest, "big")))
    return np.array(found, dtype=HASHES)


def _is_telling(block: NDArray[np.int32]) -> bool:
    """Return whether a block is distinctive, not flat or periodic."""
    steps = np.diff(block.astype(np.int64))
    moves = steps[steps != 0]
    n_turns = int(np.count_nonzero(np.signbit(moves[1:]) != np.signbit(moves[:-1])))
    return (
        n_turns >= _FEWEST_TURNS
        and len(np.unique(block)) >= _FEWEST_VALUES
        and len(np.unique(np.diff(steps))) >= _FEWEST_CURVATURES
    )


def _ranks(samples: NDArray[np.int32], key: bytes) -> NDArray[np.uint64]:
    """Return a mixed rank for the block at each sample."""
    n = len(samples)
    values = samples.astype(np.int64).view(np.uint64)
    inverse = pow(_BASE, -1, _MODULUS)
    sums = np.zeros(n + 1, dtype=np.uint64)
    np.cumsum(values * _powers(inverse, n), out=sums[1:])
    n_blocks = n - BLOCK_SAMPLES + 1
    rolling = (sums[BLOCK_SAMPLES:] - sums[:n_blocks]) * _powers(_BASE, n_blocks)
    return _mixed(rolling ^ np.uint64(int.from_bytes(key[:8], "big")))


def _powers(base: int, n: int) -> NDArray[np.uint64]:
    """Return base to the powers 0 to n - 1, modulo 2**64."""
    factors = np.full(n, base, dtype=np.uint64)
    factors[:1] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix all bits, by the finaliser of SplitMix64 (Steele, Lea and Flood)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
