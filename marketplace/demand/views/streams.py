"""Every figure somebody may have, sent file by file: however many quarters there are, one is held at once."""

from collections.abc import Callable, Iterator, Sequence

from flask import Response, current_app

from marketplace.demand.rules.nouns import ReleaseFileId


def streamed(lines: Callable[..., Iterator[bytes]], *, file_ids: Sequence[ReleaseFileId], media_type: str) -> Response:
    """Return an answer that reads its files while it is sent. The request is over by then: it has its own session."""
    maker = current_app.extensions["sessionmaker"]

    def sent() -> Iterator[bytes]:
        with maker() as session:
            yield from lines(session, file_ids=file_ids)

    return Response(sent(), mimetype=media_type, headers={"Cache-Control": "private, no-cache"})
