"""What happened: an append-only log that mail, feeds and history are read from."""
