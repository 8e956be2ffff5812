"""Pages of the statistics for the office, and what the unit's page shows of them."""

from flask import Blueprint

from seminar.statistics import models as models

bp = Blueprint("statistics", __name__)
