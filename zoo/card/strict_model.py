"""The base of everything that is read from a card: no unknown keys, frozen, no NaN."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Size = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""A number of things that must be there: channels, samples, features."""

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""A number of things that may be absent."""

Flag = Annotated[bool, Field(strict=True)]
Fraction01 = Annotated[float, Field(strict=True, ge=0.0, le=1.0)]


class StrictModel(BaseModel):
    """A frozen pydantic model that names the keys it knows when it meets another one."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _name_known_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    raise fault(_unknown_key(str(key), list(cls.model_fields)))
        return data


def fault(reason: str) -> PydanticCustomError:
    """Return an error for validators whose message is `reason`, braces and all."""
    return PydanticCustomError("card_fault", "{reason}", {"reason": reason})


def _unknown_key(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"the key {key[:60]!r} is not known here.{hint} Known keys: {', '.join(known)}."
