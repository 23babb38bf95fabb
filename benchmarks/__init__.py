"""How fast is it? Each file measures one thing: its `run()` returns figures by name. Run by `script/bench NAME`."""
