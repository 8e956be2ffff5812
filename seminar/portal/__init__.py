"""What one visitor sees, composed of all below: front page, personal page, unit page, the office's overview."""
