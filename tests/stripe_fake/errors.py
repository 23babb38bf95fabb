"""How does Stripe say no?"""


class RefusalError(Exception):
    """An answer that is an error. `is_kept` tells whether an idempotency key repeats it."""

    def __init__(self, status, message, *, kind="invalid_request_error", code=None, param=None, is_kept=True, **more):
        super().__init__(message)
        self.status = status
        self.is_kept = is_kept
        said = {"type": kind, "code": code, "message": message, "param": param, **more}
        self.body = {"error": {name: value for name, value in said.items() if value is not None}}


def missing(what, known_as):
    return RefusalError(404, f"No such {what}: '{known_as}'", code="resource_missing", param="id")


def unknown_parameter(name):
    return RefusalError(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name, is_kept=False)


def missing_parameter(name):
    return RefusalError(400, f"Missing required param: {name}.", code="parameter_missing", param=name, is_kept=False)


def invalid_parameter(name, value):
    return RefusalError(400, f"Invalid {name}: {value!r}", code="parameter_invalid", param=name, is_kept=False)
