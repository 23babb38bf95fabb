# ruleid: page-without-a-guard
@bp.get("/all")
def everything():
    return 1


# ruleid: page-without-a-guard
@bp.route("/more", methods=["GET", "POST"])
@limiter.limit("1 per minute")
def more():
    return 1


# ok: page-without-a-guard
@bp.post("/mine")
@signed_in
def mine():
    return 1


# ok: page-without-a-guard
@bp.get("/theirs")
@requires(Permission.MODERATE)
def theirs():
    return 1


# ruleid: form-without-a-token
csrf.exempt(bp)
# ok: form-without-a-token
csrf.init_app(app)

# ruleid: cookie-of-our-own
response.set_cookie("a", "b")
# ok: cookie-of-our-own
session["a"] = "b"

# ruleid: other-sites-let-in
response.headers["Access-Control-Allow-Origin"] = "*"
# ok: other-sites-let-in
response.headers["Cache-Control"] = "no-store"

# ruleid: debugger-left-on
app.run(debug=True)
# ok: debugger-left-on
app.run(port=1)
