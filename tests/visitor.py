"""A browser without a screen, for a server that really runs."""

import urllib.error
import urllib.parse
import urllib.request

from tests import pages


class Visitor:
    """Opens pages and sends forms, and keeps its cookies whatever the port: so do browsers."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def ask(self, path, answers=None, headers=None):
        """Open a page, or send answers to it, go wherever that leads, and return the status and the page there."""
        sent = answers and urllib.parse.urlencode(answers).encode()
        try:
            with self.opener.open(urllib.request.Request(self.url + path, sent, headers or {})) as page:  # noqa: S310
                return page.status, page.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def fill_in(self, path, **answers):
        """Fill in the form of a page and send it."""
        return self.ask(path, pages.hidden(pages.form(pages.read(self.ask(path)[1]))) | answers)

    def press(self, path, action):
        """Press the button of a page that sends its form to an address."""
        form, *_alike = pages.read(self.ask(path)[1]).xpath("//form[@action=$action]", action=action)
        return self.ask(action, pages.hidden(form))
