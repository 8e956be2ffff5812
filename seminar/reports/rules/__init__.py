"""How lists are arranged and delegations are summed up, as plain data."""
