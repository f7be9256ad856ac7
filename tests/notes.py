"""An invented feature with an interface of every shape a real one has: a list that goes on, a body, a path, an ETag."""

from __future__ import annotations

from itertools import count
from typing import Annotated, Literal

from flask import Blueprint, Flask
from pydantic import Field, TypeAdapter

from kb_server.errors import NotFound
from kb_server.web import errors, headers
from kb_server.web.api import Answer, Answered, Body, Parameters, cursors, operation
from kb_server.web.api.routes import blueprint as api_routes

WORD = Annotated[str, Field(min_length=1, max_length=40)]


class Which(Parameters):
    note_id: Annotated[str, Field(pattern="^[0-9]{1,6}$", examples=["1"])]


class Wanted(Parameters):
    limit: int = Field(default=3, ge=1, le=5)
    cursor: cursors.Cursor = ""
    colour: str = ""


class Keyed(Parameters):
    key: str = Field(default="", alias="Idempotency-Key", max_length=64, description="Sent again, it is done once.")


class Place(Body):
    page: WORD
    line: int = Field(default=1, ge=1, le=1 << 40)


class Draft(Body):
    text: Annotated[str, Field(max_length=200, examples=["Call back on Monday"], description="What to remember.")]
    colour: Literal["blue", "plum"] = "blue"
    weight: Annotated[float, Field(ge=0, le=1)] = 0
    places: list[Place] = Field(default=[], max_length=3)


class Note(Answered):
    """Something to remember."""

    id: int
    text: str
    colour: str


class Notes(Answered):
    """Some of the notes, newest first."""

    notes: list[Note]
    next: cursors.Next = None


AFTER = TypeAdapter(Annotated[int, Field(ge=1, lt=1 << 63)])


class Store:
    """Notes by their numbers, which grow."""

    def __init__(self) -> None:
        self.notes: dict[int, Note] = {}
        self.numbers = count(1)

    def put(self, text: str, colour: str = "blue") -> Note:
        number = next(self.numbers)
        self.notes[number] = Note(id=number, text=text, colour=colour)
        return self.notes[number]

    def newest(self, below: int | None, limit: int, colour: str) -> list[Note]:
        rows = [note for number, note in sorted(self.notes.items(), reverse=True) if below is None or number < below]
        return [note for note in rows if colour in ("", note.colour)][:limit]


def app_with(store: Store) -> Flask:
    app = Flask("notes", static_folder=None)
    app.url_map.strict_slashes = False
    headers.install(app, is_public=True)
    errors.install(app)
    app.register_blueprint(api_routes())
    app.register_blueprint(_routes(store))
    return app


def _routes(store: Store) -> Blueprint:
    routes = Blueprint("notes", __name__)

    @routes.get("/api/v1/notes")
    @operation("Notes")
    def some(query: Wanted) -> Notes:
        """The notes, newest first."""
        of = ("notes", query.colour)
        rows = store.newest(cursors.read(query.cursor, AFTER, *of), query.limit + 1, query.colour)
        shown, following = cursors.cut(rows, query.limit, lambda note: note.id, *of)
        return Notes(notes=list(shown), next=following)

    @routes.post("/api/v1/notes")
    @operation("Notes", answers={201: "Kept."})
    def create(headers: Keyed, body: Draft) -> Answer[Note]:  # noqa: ARG001
        """Keep a note."""
        note = store.put(body.text, body.colour)
        return Answer(note, headers={"Location": f"/api/v1/notes/{note.id}"})

    @routes.get("/api/v1/notes/<note_id>")
    @operation("Notes")
    def one(path: Which) -> Answer[Note]:
        """One note."""
        note = _found(path)
        return Answer(note, etag=str(note.id))

    @routes.delete("/api/v1/notes/<note_id>")
    @operation("Notes", answers={204: "Gone."})
    def remove(path: Which) -> None:
        """Forget a note."""
        del store.notes[_found(path).id]

    def _found(path: Which) -> Note:
        note = store.notes.get(int(path.note_id))
        if note is None:
            raise NotFound("There is no such note.")
        return note

    return routes
