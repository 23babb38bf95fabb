"""
Web: the front page, the pages that belong to nobody else, and the machine's health.

Owns: the front page, how it works, the accessibility statement, privacy, cookies, contact, the gallery of components;
the table of jobs, the doctor, backups.
Promises: what these pages say about the site is true of it; a monitor learns in one request whether we can serve.
"""
