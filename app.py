"""The application, for `flask --app app …` and WSGI servers."""

from seminar.factory import create_app

app = create_app()
