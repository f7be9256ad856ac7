"""What the models of the interface have in common, and the models that are everybody's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

USUAL: Mapping[object, re.Pattern[str]] = {int: re.compile(r"-?[0-9]{1,18}"), bool: re.compile(r"true|false|1|0")}
"""How a number and a yes or no are written in an address."""


class Parameters(BaseModel):
    """What stands in the address or in headers, always as text. Of a name given twice the first counts.

    A name that is not known is overlooked: a newer program may ask an older server, and proxies add names of their own.
    """

    model_config = ConfigDict(frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _as_described(cls, given: str, info: ValidationInfo) -> str:
        # Python would also take " 1_0.0 " for a number, and pydantic "off" for no.
        usual = USUAL.get(cls.model_fields[str(info.field_name)].annotation)
        if usual and not usual.fullmatch(given):
            raise ValueError
        return given


class Body(BaseModel):
    """What is sent as JSON. A field that is not known is refused, so that nothing somebody wrote gets lost unseen."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _as_described(cls, given: object, info: ValidationInfo) -> object:
        # In JSON there is one kind of number, and 5.0 is a whole one.
        if cls.model_fields[str(info.field_name)].annotation is int and isinstance(given, float):
            return int(given) if given.is_integer() else given
        return given


class Answered(BaseModel):
    """What is answered. It may be made of any object with the same attributes; later versions may add fields."""

    model_config = ConfigDict(frozen=True, from_attributes=True, json_schema_serialization_defaults_required=True)


class Fault(Answered):
    """One thing that is wrong with what was sent, and where it stands."""

    detail: str = Field(description="What is wrong and what would be right, in a sentence.")
    parameter: str | None = Field(default=None, description="The parameter or header, if it stands in one.")
    pointer: str | None = Field(
        default=None, description="The place in the body, if it stands there: a JSON pointer (RFC 6901)."
    )


class Problem(Answered):
    """Why something was not done, as `application/problem+json` (RFC 9457)."""

    type: str = Field(default="about:blank", description="What kind of problem; by itself `status` tells it.")
    title: str = Field(description="The name of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened and what to do, in sentences for people.")
    errors: list[Fault] = Field(default=[], description="Each thing that is wrong with what was sent.")
    request: str = Field(default="", description="The number of this request, which also stands in the server's log.")
