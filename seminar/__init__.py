"""Seminar: carries a formal seminar from the plan to the printed report. Packages by feature; see README."""
