"""The server's way in."""

import sys

from marketplace.app import create_app
from marketplace.config import InsecureSettingError, load_config
from marketplace.kit import logs
from marketplace.kit.places import GazetteerMissingError

try:
    config = load_config()
    logs.set_up(as_json=config.writes_json)
    app = create_app(config)
except (InsecureSettingError, GazetteerMissingError) as error:
    sys.exit(str(error))
