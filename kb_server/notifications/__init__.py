"""What waits for somebody, who is told of what, and the mail that tells them: all read from the log, afterwards."""
