"""Where is a refusal said: beside its question, above the form, or on a page of its own?"""

from flask_wtf import FlaskForm

from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError


def show_refusal(form: FlaskForm, error: DomainError, *, beside: str = "") -> None:
    """
    Say a refusal in the form that was sent: beside the question it is about, or above them all if it is about none.

    :raises NotFoundError, NotAllowedError: the refusal itself, which has a page of its own.
    """
    if isinstance(error, (NotFoundError, NotAllowedError)):
        raise error
    about = error.field if isinstance(error, WrongAnswerError) else beside
    if about and about in form:
        form[about].errors = [*form[about].errors, str(error)]
    else:
        form.form_errors.append(str(error))
