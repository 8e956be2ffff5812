"""What is done with papers: sent, sent again, decided."""

from seminar.papers.actions.decisions import decide_paper
from seminar.papers.actions.renditions import keep_rendition
from seminar.papers.actions.submissions import submit_paper

__all__ = ["decide_paper", "keep_rendition", "submit_paper"]
