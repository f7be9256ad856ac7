"""What a change would do to what people rely on, told before it is merged: ``kb impact``."""
