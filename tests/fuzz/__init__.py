"""Send the whole site what nobody's browser sends, by the ten thousand. Run by hand: `script/fuzz`."""
