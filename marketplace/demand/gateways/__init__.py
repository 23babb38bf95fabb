"""The forms in which figures leave us, written by the libraries that know them."""
