"""Scanners: of the code, of what it is built on, and of the site itself while it runs. `script/security` runs them."""
