"""Files that come with the site or from outside: signposts, the library, and documents to fill in."""
