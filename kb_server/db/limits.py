"""How long the store is waited for, and how many may use it at once, whichever database it is."""

BUSY_SECONDS = 5  # until somebody who waits for the store is told to come back later
READERS = 16  # connections of a process; more gain nothing, and a thread that finds none free waits its turn
