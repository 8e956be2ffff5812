"""Tools that know nothing of seminars; each module is nameable in one word."""
