"""The outbox: a row per recipient in the transaction of the change, drained by a worker inside the server process."""
