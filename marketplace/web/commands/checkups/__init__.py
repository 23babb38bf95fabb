"""What the doctor looks at: what is inside the site, and what is around it."""
