"""The server's way in."""

import sys

from marketplace.app import create_app
from marketplace.config import InsecureSettingError, load_config
from marketplace.kit.places import GazetteerMissingError

try:
    app = create_app(load_config())
except (InsecureSettingError, GazetteerMissingError) as error:
    sys.exit(str(error))
