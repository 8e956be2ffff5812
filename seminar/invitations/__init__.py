"""Letters issued, each delegate's invitation with its personal code, the answers and the proxies."""
