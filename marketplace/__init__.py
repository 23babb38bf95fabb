"""Clubtogether: find support, see what people say, club together to buy it."""
