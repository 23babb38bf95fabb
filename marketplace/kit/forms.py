"""The form that all forms are: it takes words, whatever a browser sends."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, PasswordField, SubmitField

from marketplace.kit.text import tidy


class Form(FlaskForm):
    """
    A form of words.

    What is typed is tidied before it is looked at: what is too long or empty then is so in the database too, and
    databases take no NUL. Files and JSON are no words; a form that takes a file will say so itself.
    """

    class Meta(FlaskForm.Meta):
        """How the form takes what was sent."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> MultiDict[str, str] | None:
            """Return the words that were sent, or None if there are none or the form is only shown."""
            if formdata is None or not request.form:
                return None
            return MultiDict((name, _taken(form, name, typed)) for name, typed in request.form.items(multi=True))

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            """Draw a field. Its button, pressed twice in a row, sends once where scripts run."""
            if isinstance(field, SubmitField):
                render_kw = {"data-prevent-double-click": "true"} | render_kw
            return super().render_field(field, render_kw)


def _taken(form: FlaskForm, name: str, typed: str) -> str:
    # A password is whatever it is: nobody else ever reads it.
    return typed if name in form and isinstance(form[name], PasswordField) else tidy(typed)
