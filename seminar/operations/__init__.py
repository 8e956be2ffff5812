"""What keeps the installation alive: demo, doctor, backup, the server process and its commands."""
