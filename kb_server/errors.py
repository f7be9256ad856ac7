"""The four errors a service raises; one place (``web.errors``, ``cli``) turns them into an answer."""


class KbError(Exception):
    """Something a person can act on: the message says what happened, where, and what to do."""


class NotFound(KbError):  # noqa: N818  -- the name is what the reader of a service wants to see
    """The thing asked for does not exist, or must not be known to exist."""


class Forbidden(KbError):  # noqa: N818
    """The actor may not do this."""


class Invalid(KbError):  # noqa: N818
    """The input cannot be used as it stands."""


class Conflict(KbError):  # noqa: N818
    """Somebody or something else was faster, or is in the way."""
