"""Notes of who said what, per programme item, and the minutes made of them."""
