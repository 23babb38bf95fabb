"""What the web benchmark serves and how: the data, the bare page it is compared with, the servers, the visitors."""
