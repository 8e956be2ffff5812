"""Staff accounts: passwords, second factors, sessions that really end."""
