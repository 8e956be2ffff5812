"""The programme: sittings and their items, times that follow from durations, shifts, and what is on as the day runs."""
