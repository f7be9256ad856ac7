"""One way to send one message. Whose it is and why it is sent, others know."""
