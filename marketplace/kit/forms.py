"""The form that all forms are: it takes words, whatever a browser sends."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, PasswordField, SelectField, SelectMultipleField, SubmitField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its types are a version behind

from marketplace.kit.languages.choosing import language_now
from marketplace.kit.languages.language import Language
from marketplace.kit.text import tidy


class Form(FlaskForm):
    """
    A form of words.

    What is typed is tidied before it is looked at: what is too long or empty then is so in the database too, and
    databases take no NUL. Files and JSON are no words; a form that takes a file will say so itself.
    """

    asked_first: ClassVar[tuple[str, ...]] = ()
    """The names of what the page asks first, in its order, where what a form inherits would stand in another."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = language_now()
        if not language.is_source:
            for field in self:
                field.label.text = language.say_ours(field.label.text)
                field.description = language.say_ours(field.description)

    def __iter__(self) -> Iterator[Field]:
        """Go through the questions as the page asks them: problems are listed in that order."""
        first = self.asked_first
        return iter(
            sorted(super().__iter__(), key=lambda field: first.index(field.name) if field.name in first else len(first))
        )

    class Meta(FlaskForm.Meta):
        """How the form takes what was sent."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> MultiDict[str, str] | None:
            """Return the words that were sent, or None if there are none or the form is only shown."""
            if formdata is None or not request.form:
                return None
            return MultiDict((name, _taken(form, name, typed)) for name, typed in request.form.items(multi=True))

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Any:
            """Draw a field. Its button, pressed twice in a row, sends once where scripts run."""
            language = language_now()
            if not language.is_source and isinstance(field, SelectField | SelectMultipleField):
                field.choices = [_said(choice, language) for choice in field.choices or ()]
            if isinstance(field, SubmitField):
                render_kw = {"data-prevent-double-click": "true"} | render_kw
            return super().render_field(field, render_kw)


def _said(choice: Any, language: Language) -> Any:
    """Return a choice with its words in a language. Its value is what is sent back, and stays."""
    if isinstance(choice, SelectChoice):
        return replace(choice, label=language.say_ours(choice.label or str(choice.value)))
    value, label, *more = choice if isinstance(choice, tuple) else (choice, choice)
    return (value, language.say_ours(str(label)), *more)


def _taken(form: FlaskForm, name: str, typed: str) -> str:
    # A password is whatever it is: nobody else ever reads it.
    return typed if name in form and isinstance(form[name], PasswordField) else tidy(typed)
