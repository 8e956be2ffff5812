"""The plan: the seminar, its bases, topics, groups with quotas, units, venue, milestones, and what it leaves open."""
