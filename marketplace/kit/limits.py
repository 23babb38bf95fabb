"""How often one visitor may try something, by Flask-Limiter."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)

SIGN_IN = "10 per minute; 100 per hour"
MAIL = "5 per minute; 30 per hour"
