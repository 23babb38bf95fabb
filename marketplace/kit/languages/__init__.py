"""
The languages of the site: catalogues of what it says, and pages that say it.

English is written in the code and in the templates. For any other language a template is translated once, when it is
compiled, so that English pages pay nothing for it.
"""
