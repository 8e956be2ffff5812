"""Sheets, tables and charts as they print."""
