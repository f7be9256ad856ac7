"""Where the text has changed since it was suggested how it should read: by hand over to the text of today."""
