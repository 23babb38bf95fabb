# ruleid: secret-compared-letter-by-letter
if sent.token == known:
    pass
# ruleid: secret-compared-letter-by-letter
if signature != expected:
    pass
# ok: secret-compared-letter-by-letter
if hmac.compare_digest(sent.token, known):
    pass
# ok: secret-compared-letter-by-letter
select(Link.person_id).where(Link.token_hash == token_hash(token))
# ok: secret-compared-letter-by-letter
if token == "":
    pass

# ruleid: weak-hash
hashlib.md5(words)
# ok: weak-hash
hashlib.sha256(words)

# ruleid: chance-that-can-be-guessed
token = random.randbytes(16)
# ok: chance-that-can-be-guessed
token = secrets.token_urlsafe(32)

# ruleid: certificates-not-looked-at
client(verify=False)
# ok: certificates-not-looked-at
client(verify=True)

# ruleid: asked-without-an-end
urllib.request.urlopen(url)
# ruleid: asked-without-an-end
smtplib.SMTP("localhost", 25)
# ok: asked-without-an-end
smtplib.SMTP("localhost", 25, timeout=20)

# ruleid: request-written-into-a-log
log.warning("refused %s", request.path)
# ruleid: request-written-into-a-log
log.warning(f"refused {request.args}")
# ok: request-written-into-a-log
log.warning("refused on %s", request.endpoint)
