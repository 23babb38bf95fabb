"""What a monitor can ask."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session


def database_answers(session: Session) -> bool:
    """Test whether the database can be asked anything at all."""
    try:
        return session.scalar(select(1)) == 1
    except SQLAlchemyError:
        return False
