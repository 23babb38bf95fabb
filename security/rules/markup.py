# ruleid: markup-made-of-strings
Markup(f"<b>{name}</b>")
# ruleid: markup-made-of-strings
Markup("<b>" + name)
# ruleid: markup-made-of-strings
Markup("<b>%s</b>" % name)
# ok: markup-made-of-strings
Markup("<b>{}</b>").format(name)

# ruleid: template-made-of-words
render_template_string(words)
# ruleid: template-made-of-words
app.jinja_env.from_string(words)
# ok: template-made-of-words
render_template("web/home.html", words=words)

# ruleid: link-made-of-our-host
url_for("web.home", _external=True)
# ruleid: link-made-of-our-host
address = request.host_url + "accounts/reset"
# ok: link-made-of-our-host
page_address("accounts.new_password", {"token": token})

# ruleid: redirect-to-what-was-asked
redirect(request.args.get("next"))
# ruleid: redirect-to-what-was-asked
redirect(request.form["back"])
# ruleid: redirect-to-what-was-asked
redirect(request.referrer or "/")
# ok: redirect-to-what-was-asked
redirect(own_page(request.args.get("next")) or url_for("web.home"))
