"""Shape of what is typed about sheets, returns and targets."""
