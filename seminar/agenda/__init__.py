"""The programme: sittings and their items; times compute themselves from durations."""
