"""Statistics of the units: sheets that the plan asks for, the units' returns, the province's table, and five-year targets."""
