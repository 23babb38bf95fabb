"""Questions about plans, help, briefs and quotes. Every one about a person takes the viewer and filters in SQL."""
