"""What is true of what looks after the site: backups, and what the doctor finds."""
