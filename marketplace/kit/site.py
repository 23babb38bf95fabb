"""Flask, as this site uses it."""

from types import TracebackType

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict

_Raised = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class Asked(Request):
    """A request whose answers all have a name. A browser names each; what has none answers nothing that we ask."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        for kind in ("form", "files"):
            sent: ImmutableMultiDict[str | None, object] = self.__dict__[kind]
            if None in sent:
                named = [(name, one) for name, one in sent.items(multi=True) if name is not None]
                self.__dict__[kind] = ImmutableMultiDict(named)


class Site(Flask):
    """An application that says in its log which page failed, but not which words or links were in its address."""

    request_class = Asked

    def log_exception(self, exc_info: _Raised) -> None:
        """Log a fault of ours. An address may hold what opens an account, or what somebody searched for."""
        self.logger.error("%s failed on %s", request.endpoint, request.method, exc_info=exc_info)
