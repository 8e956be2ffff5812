"""Who may do what: roles, the guard that denies by default, and the actor whose name goes into every record."""
