"""Whom we call outside to look after the site: files, and the programs of PostgreSQL."""
