"""Questions about demand. True figures stay inside; pages and files read what was released."""
