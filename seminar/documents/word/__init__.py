"""Word files in the form of a rule set (documents/layout.py), measured to the twip; offices go on editing them in Word.

Import these modules where a file is made, not at start: python-docx is slow to load (recipes.md).
"""
