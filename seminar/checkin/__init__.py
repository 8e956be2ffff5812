"""The reception: paired desks, the append-only log of scans, and the arrivals derived from it."""
