"""Flask, as this site uses it."""

from types import TracebackType

from flask import Flask, request

_Raised = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class Site(Flask):
    """An application that says in its log which page failed, but not which words or links were in its address."""

    def log_exception(self, exc_info: _Raised) -> None:
        """Log a fault of ours. An address may hold what opens an account, or what somebody searched for."""
        self.logger.error("%s failed on %s", request.endpoint, request.method, exc_info=exc_info)
