"""A second proof of who signs in: codes from an app on their phone, and codes on paper for when it is lost."""

import secrets
from datetime import datetime
from typing import assert_never

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import Passkey, Person, RecoveryCode, RoleGrant, SecondFactor
from marketplace.accounts.queries import second_factor as queries
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.accounts import RoleNotHeldError, UnknownAddressError, take_turns, write_to_person
from marketplace.accounts.services.browsers import end_browsers
from marketplace.kit import audit, codes
from marketplace.kit.codes import Verdict
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.sentences import worded


class WrongCodeError(WrongAnswerError):
    """Not a code of this person's phone, or not now."""

    field = "code"


class TooManyCodesError(DomainError):
    """Somebody has guessed for long enough."""


class AlreadySetUpError(DomainError):
    """A phone makes codes for this account: only its owner may put another in its place."""


class OwnPhoneError(DomainError):
    """Nobody resets their own."""


def check_code(
    session: Session, *, person_id: PersonId, code: str, key: str, now: datetime, former: tuple[str, ...] = ()
) -> None:
    """
    Take a code from a person's phone, once. `key` is the site's own, `former` are those that it had before.

    :raises WrongCodeError: if it is not a code of now, or was taken already.
    :raises TooManyCodesError: if there were too many wrong ones lately.
    """
    take_turns(session, person_id=person_id)
    _refuse_guessers(session, person_id, now)
    factor = session.get(SecondFactor, person_id, populate_existing=True)
    if factor is None:
        raise WrongCodeError("No phone makes codes for this account yet.")
    worst = Verdict.WRONG
    for secret in codes.secrets_from(factor.secret, keys=(key, *former)):
        answer = codes.judge(code, secret=secret, now=now, taken=factor.last_step)
        if answer.verdict is Verdict.RIGHT:
            factor.last_step = answer.step
            if not codes.is_hidden_with(factor.secret, key=key):
                factor.secret = codes.hide(secret, key=key)
            return
        worst = answer.verdict if worst is Verdict.WRONG else worst
    raise WrongCodeError(_why(worst))


def check_recovery_code(
    session: Session,
    *,
    person_id: PersonId,
    code: str,
    key: str,
    link: str,
    now: datetime,
    former: tuple[str, ...] = (),
) -> int:
    """
    Take one of a person's codes on paper, once; return how many are left. They hear of it by letter.

    :param former: the keys that the site had before: codes made with them are good as long as these are known.
    :param link: the page on which they set up another phone.
    :raises WrongCodeError: if it is none of theirs, or was used.
    :raises TooManyCodesError: if there were too many wrong ones lately.
    """
    take_turns(session, person_id=person_id)
    _refuse_guessers(session, person_id, now)
    hashes = [codes.paper_hash(code, whose=str(person_id), key=one) for one in (key, *former)]
    found = session.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.code_hash.in_(hashes), RecoveryCode.person_id == person_id)
        .execution_options(populate_existing=True)
    ).first()
    if found is None or found.used_at is not None:
        raise WrongCodeError("That is not one of your recovery codes, or it was used before. Each works once.")
    found.used_at = now
    session.flush()
    audit.record(session, by=person_id, did="used a recovery code", to_kind="person", to_id=person_id, now=now)
    left = queries.recovery_codes_left(session, person_id=person_id)
    write_to_person(
        session,
        person_id=person_id,
        subject="Somebody signed in with one of your recovery codes",
        body=worded(
            "That code does not work again. You have {left} left.\n\n"
            "If it was you and your phone is lost, set up another:\n{link}\n\n"
            "If it was not you, tell us at once.",
            left=left,
            link=link,
        ),
        now=now,
    )
    return left


def set_up_phone(
    session: Session, *, person_id: PersonId, seed: str, code: str, has_proved: bool, key: str, now: datetime
) -> tuple[str, ...]:
    """
    Let an app that has just given its first code make the codes from now on; return new recovery codes, in plain.

    Every browser is signed out, for some may have signed in before a code was asked for.

    :param has_proved: whether a code was given in this browser: only so is one phone put in place of another.
    :raises WrongCodeError: if the app's code is not right.
    :raises AlreadySetUpError: if another phone makes them, and no code of it was given.
    :raises TooManyCodesError: if there were too many wrong ones lately.
    """
    take_turns(session, person_id=person_id)
    _refuse_guessers(session, person_id, now)
    factor = session.get(SecondFactor, person_id, populate_existing=True)
    if factor is not None and not has_proved:
        raise AlreadySetUpError("A phone makes codes for this account already. Give a code from it first.")
    answer = codes.judge(code, secret=codes.secret_from(seed, key=key), now=now, taken=0)
    if answer.verdict is not Verdict.RIGHT:
        raise WrongCodeError(_why(answer.verdict))
    kept = codes.hide(codes.secret_from(seed, key=key), key=key)
    _keep_factor(session, factor, person_id=person_id, kept=kept, step=answer.step, now=now)
    session.get_one(Person, person_id).session_stamp = secrets.token_hex(8)
    end_browsers(session, person_id=person_id, now=now)
    audit.record(session, by=person_id, did="set up a phone for codes", to_kind="person", to_id=person_id, now=now)
    write_to_person(
        session,
        person_id=person_id,
        subject="A phone now makes codes for your account",
        body="From now on we ask for a code from it when you sign in.\n\nIf it was not you, tell us at once.",
        now=now,
    )
    return _new_recovery_codes(session, person_id=person_id, key=key)


def add_second_factor(session: Session, *, person_id: PersonId, now: datetime) -> None:
    """Let codes be asked of somebody, from a seed that nobody has seen. For the demo town and tests."""
    _keep_factor(session, None, person_id=person_id, kept=codes.new_seed(), step=0, now=now)
    audit.record(session, by=None, did="set up a phone for codes", to_kind="person", to_id=person_id, now=now)
    session.flush()


def renew_recovery_codes(session: Session, *, person_id: PersonId, key: str, now: datetime) -> tuple[str, ...]:
    """Return new codes on paper, in plain, for the only time. The earlier ones end. The caller has given a code."""
    take_turns(session, person_id=person_id)
    audit.record(session, by=person_id, did="made new recovery codes", to_kind="person", to_id=person_id, now=now)
    return _new_recovery_codes(session, person_id=person_id, key=key)


def note_wrong_code(session: Session, *, person_id: PersonId, link: str, now: datetime) -> None:
    """Remember that somebody gave a wrong code, and tell the person at the fifth: their password may be known."""
    take_turns(session, person_id=person_id)
    audit.record(session, by=person_id, did=queries.WRONG_CODE, to_kind="person", to_id=person_id, now=now)
    session.flush()
    if queries.wrong_codes_lately(session, person_id=person_id, now=now) == rules.TOLD_AT_WRONG_CODE:
        write_to_person(
            session,
            person_id=person_id,
            subject="Somebody is trying to sign in as you",
            body=worded(
                "Somebody who knows your password gave {told_at_wrong_code} wrong codes within an hour.\n\n"
                "If it was you, wait for the next code and check that your phone sets its clock itself. "
                "If it was not you, set a new password now:\n{link}",
                told_at_wrong_code=rules.TOLD_AT_WRONG_CODE,
                link=link,
            ),
            now=now,
        )


def forget_phone(session: Session, *, grant_id: int, by: PersonId, now: datetime) -> None:
    """
    Let somebody whose phone and paper are lost set up another: an operator does this, once sure who asks.

    :raises RoleNotHeldError: if nobody holds that role any more, or no code is asked for it.
    :raises OwnPhoneError: if it is the operator's own.
    """
    grant = session.get(RoleGrant, grant_id)
    if grant is None or grant.role not in rules.SECOND_FACTOR_FOR:
        raise RoleNotHeldError("Nobody holds that role any more.")
    if grant.person_id == by:
        raise OwnPhoneError("Ask another operator: nobody does this for themselves.")
    _forget(session, person_id=grant.person_id, by=by, now=now)


def forget_phone_of(session: Session, *, email: str, now: datetime) -> None:
    """
    Let somebody set up another phone, from the command line.

    :raises UnknownAddressError: if nobody has this address.
    """
    person_id = session.scalars(select(Person.id).where(Person.email == rules.normal_email(email))).one_or_none()
    if person_id is None:
        raise UnknownAddressError("Nobody has an account with that address.")
    _forget(session, person_id=person_id, by=None, now=now)


def _forget(session: Session, *, person_id: PersonId, by: PersonId | None, now: datetime) -> None:
    take_turns(session, person_id=person_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))
    # Whoever has the lost phone may be signed in on it.
    session.get_one(Person, person_id).session_stamp = secrets.token_hex(8)
    end_browsers(session, person_id=person_id, by=by, now=now)
    audit.record(session, by=by, did="forgot a phone for codes", to_kind="person", to_id=person_id, now=now)
    write_to_person(
        session,
        person_id=person_id,
        subject="Set up another phone for your codes",
        body="We have forgotten the phone that made your codes, your passkeys and your recovery codes. "
        "When you sign in next, you set up another.\n\nIf you did not ask for this, tell us at once.",
        now=now,
    )


def _keep_factor(
    session: Session, factor: SecondFactor | None, *, person_id: PersonId, kept: str, step: int, now: datetime
) -> None:
    if factor is None:
        factor = SecondFactor(person_id=person_id)
        session.add(factor)
    factor.secret, factor.made_at, factor.confirmed_at, factor.last_step = kept, now, now, step


def _new_recovery_codes(session: Session, *, person_id: PersonId, key: str) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    plain = codes.new_paper_codes()
    session.add_all(
        RecoveryCode(code_hash=codes.paper_hash(code, whose=str(person_id), key=key), person_id=person_id)
        for code in plain
    )
    session.flush()
    return plain


def _refuse_guessers(session: Session, person_id: PersonId, now: datetime) -> None:
    if queries.wrong_codes_lately(session, person_id=person_id, now=now) >= rules.MOST_WRONG_CODES:
        raise TooManyCodesError("There were too many wrong codes. Wait an hour, then try again.")


def _why(verdict: Verdict) -> str:
    match verdict:
        case Verdict.TAKEN:
            return "That code was used already. Wait for the next one: your phone shows a new one every half minute."
        case Verdict.SLOW:
            return "That code is some minutes old. Use the one your phone shows now, and check that its clock is right."
        case Verdict.WRONG | Verdict.RIGHT:
            return (
                "That is not the code your phone shows now. Check the six digits, and that your phone’s clock is right."
            )
        case _:
            assert_never(verdict)
