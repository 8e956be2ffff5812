"""What the office and the units do with sheets, returns and targets."""
