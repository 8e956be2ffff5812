"""The result report: figures computed when asked, each opening to its rows, and the Word file made of them."""
