"""Every page in a real browser, as every kind of visitor: looked at by machine, and pictured for people to look at."""
