"""What this feature prints; each module is imported by its own name, since a child process loads only what it needs."""
