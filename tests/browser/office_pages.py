"""The office's pages in a browser without a server: Django's test client answers, and the edge's stylesheet."""

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Route

from schoolday.lib import clock
from tests.browser.axe import wrong_with

SITE = "http://office.test"
_STYLE = Path(__file__).parents[2] / "app" / "dist" / "assets" / "office.css"


def answered_by(client: Client, context: BrowserContext, *, at: datetime | None = None) -> None:
    """
    Let Django answer what a browser asks of SITE, forms too; everything else is not found.

    `at`: what the clock says, for playwright calls back outside of the test's own time. A test sets
    DJANGO_ALLOW_ASYNC_UNSAFE, for playwright's loop runs in its thread.
    """
    context.route("**/*", lambda route: _answer(route, client, at))


def look(context: BrowserContext, path: str) -> list[str]:
    """Return what is wrong with one page."""
    page = context.new_page()
    page.goto(SITE + path)
    found = wrong_with(page)
    page.close()
    return found


def _answer(route: Route, client: Client, at: datetime | None) -> None:
    request, path = route.request, route.request.url.removeprefix(SITE)
    if path == "/assets/office.css":
        route.fulfill(path=_STYLE, content_type="text/css")
    elif path.startswith(("/office/", "/api/")):
        with clock.at(at) if at else contextlib.nullcontext():
            if request.method == "POST":
                kind = request.headers.get("content-type", "")
                answer: Any = client.post(path, request.post_data_buffer, content_type=kind, follow=True)
            else:
                answer = client.get(path)
        connection.close()  # playwright calls back in a context of its own, which has its own line to PostgreSQL
        route.fulfill(status=answer.status_code, body=answer.content, content_type=answer["Content-Type"])
    else:
        route.fulfill(status=404, body="")
