"""What of the statistics is printed and written: forms of the sheets, as PDF, Word and Excel."""

from seminar.statistics.documents.form import Filled, filled_form, form_annex, form_docx, form_pdf, headings_of, year_of
from seminar.statistics.documents.workbook import sheet_workbook

__all__ = ["Filled", "filled_form", "form_annex", "form_docx", "form_pdf", "headings_of", "sheet_workbook", "year_of"]
