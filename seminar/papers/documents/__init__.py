"""What is printed and mailed of the papers: notices of the result of vetting, the list of all results, the board."""
