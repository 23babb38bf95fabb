"""How often may one visitor try something? Counted by Flask-Limiter."""

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)

SIGN_IN = "10 per minute; 100 per hour"
MAIL = "5 per minute; 30 per hour"
FEED = "300 per minute"
WHOLE_CATALOGUE = "6 per minute; 60 per hour"


def only_looks() -> bool:
    """Test whether a page is only looked at, which is free: what counts is what is sent."""
    return request.method != "POST"
