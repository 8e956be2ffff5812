"""What was done, by whom, for whom and by which channel: one entry per action, in the action's own transaction."""
