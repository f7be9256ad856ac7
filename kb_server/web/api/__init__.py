"""The interface for programs: what a route takes and gives is said once, in types that read, check and describe it.

A feature writes models and functions, whose docstrings are what the document says of them::

    class Wanted(Parameters):
        limit: int = Field(default=10, ge=1, le=50, description="How many at most.")

    @operation("Notes")
    def notes(query: Wanted) -> Notes: ...

and gives the functions to a blueprint. The OpenAPI document and the page of it are made of the same types.
"""

from kb_server.web.api.faults import Unusable
from kb_server.web.api.models import Answered, Body, Fault, Parameters
from kb_server.web.api.operations import Answer, Operation, operation

__all__ = ["Answer", "Answered", "Body", "Fault", "Operation", "Parameters", "Unusable", "operation"]
