# ruleid: shell-asked
subprocess.run("ls " + name, shell=True)
# ok: shell-asked
subprocess.run(["ls", name])

# ruleid: words-run-as-code
eval(words)
# ruleid: words-run-as-code
yaml.load(words)
# ok: words-run-as-code
yaml.safe_load(words)

# ruleid: xml-of-strangers
ElementTree.fromstring(sent)
# ok: xml-of-strangers
ElementTree.SubElement(root, "title")

# ruleid: path-of-a-strangers-name
Path(sent.filename)
# ruleid: path-of-a-strangers-name
request.files["photo"].save("/var/photos")
# ok: path-of-a-strangers-name
Path(folder, str(photo_id))

# ruleid: table-with-formulas
csv.writer(out)
# ok: table-with-formulas
as_csv(("name",), rows)

# ruleid: archive-unpacked
packed.extractall(folder)
# ok: archive-unpacked
packed.infolist()

# ruleid: pattern-made-of-words
re.search(f"^{words}", text)
# ruleid: pattern-made-of-words
re.compile("a" + words)
# ok: pattern-made-of-words
re.compile(f"^{re.escape(words)}")

# ruleid: pattern-that-can-take-for-ever
re.compile(r"^(\w+)+$")
# ruleid: pattern-that-can-take-for-ever
re.compile(r"(?:[a-z]+)*!")
# ok: pattern-that-can-take-for-ever
re.compile(r"^\w+( \w+)*$")
