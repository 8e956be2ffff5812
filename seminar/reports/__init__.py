"""What comes out: dispatches and programme written from the plan, lists in the office's shape, the result report whose figures open."""
