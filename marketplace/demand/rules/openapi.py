"""The description of the figures' API for programs: OpenAPI 3.1, with examples that are true."""

from typing import Any

from marketplace.demand.rules.files import Publisher
from marketplace.kit.regions import Level

Json = dict[str, Any]

_QUARTER = "^[0-9]{4}-q[1-4]$"
_AREA = "^E[0-9]{8}$"
_HASH = "^[0-9a-f]{64}$"
_UNITS = ["people", "providers", "pounds", "stars", "points"]
_CODE: Json = {"type": "string", "minLength": 1}
_WORDS: Json = {"type": "string"}

AREA_EXAMPLE: Json = {"code": "E08000009", "name": "Trafford", "level": "council"}
TABLE_EXAMPLE: Json = {
    "code": "freshness",
    "title": "How up to date offers are",
    "measures": [{"code": "providers", "name": "Providers", "unit": "providers"}],
    "rows": [
        {"code": "under_90_days", "name": "Confirmed in the last 90 days", "figures": {"providers": 15}},
        {"code": "under_180_days", "name": "Confirmed 90 to 180 days ago", "figures": {"providers": None}},
        {"code": "older", "name": "Confirmed longer ago, or never", "figures": {"providers": None}},
    ],
}
NO_TOKEN_EXAMPLE: Json = {
    "type": "about:blank",
    "title": "A token is needed",
    "status": 401,
    "detail": (
        "Send the header “Authorization: Bearer” with a token that works. A commissioner makes one at /demand/tokens."
    ),
}


def described(address: str, publisher: Publisher) -> Json:
    """Return the whole description. `address` is where the API begins."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Demand for support",
            "version": "1.0.0",
            "summary": "What people in one council look for, buy and cannot find, by quarter.",
            "description": (
                "Every figure is rounded and released once a quarter. A figure that is null is not shown, so that "
                "nobody can be told from it; it need not be small. A token reads the figures of one council, its "
                f"region and England. How they are made: {publisher.address}/demand/method"
            ),
            "contact": {"name": publisher.name, "email": publisher.email, "url": publisher.address},
        },
        "servers": [{"url": address}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by a commissioner at /demand/tokens. It ends by itself within a year.",
                }
            },
            "parameters": {
                "area": _parameter("area", "The code of the area.", _AREA, AREA_EXAMPLE["code"]),
                "quarter": _parameter("quarter", "The quarter: 2026-q1 is January to March 2026.", _QUARTER, "2026-q1"),
                "table": _parameter("table", "The code of the table.", "^[a-z-]+$", TABLE_EXAMPLE["code"]),
            },
            "responses": {
                "NoToken": _problem("There is no token, or it has ended.", NO_TOKEN_EXAMPLE),
                "NotAllowed": _problem("Whoever made the token is not a commissioner any more."),
                "NotFound": _problem("There is no such figure, or it is another council’s: they look the same."),
                "TooOften": _problem("More than 60 requests in a minute. Retry-After says how long to wait."),
            },
            "schemas": _schemas(),
        },
    }


def _paths() -> Json:
    area, quarter, table = ({"$ref": f"#/components/parameters/{name}"} for name in ("area", "quarter", "table"))
    return {
        "/releases": _get("releases", "Every release, the newest first", "Releases", is_open=True),
        "/areas": _get("areas", "The areas and quarters that the token reads", "Areas"),
        "/tables": _get("tables", "The tables of the newest release, and what each column counts", "Tables"),
        "/figures/{area}/{quarter}": _get(
            "figures", "Every figure of an area and quarter", "Figures", parameters=[area, quarter]
        ),
        "/figures/{area}/{quarter}/{table}": _get(
            "table", "One table of an area and quarter", "Figures", parameters=[area, quarter, table]
        ),
        "/everything.csv": _stream("everythingAsCsv", "Every figure the token reads, as one CSV file", "text/csv"),
        "/everything.ndjson": _stream(
            "everythingAsLines", "Every figure the token reads, one JSON object on each line", "application/x-ndjson"
        ),
    }


def _get(name: str, summary: str, schema: str, *, parameters: list[Json] | None = None, is_open: bool = False) -> Json:
    content: Json = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {"get": _operation(name, summary, {"application/json": content}, parameters or [], is_open=is_open)}


def _stream(name: str, summary: str, media_type: str) -> Json:
    return {"get": _operation(name, summary, {media_type: {"schema": _WORDS}}, [])}


def _operation(name: str, summary: str, content: Json, parameters: list[Json], *, is_open: bool = False) -> Json:
    refused = {"429": "TooOften"} if is_open else {"401": "NoToken", "403": "NotAllowed", "429": "TooOften"}
    if parameters or not is_open:
        refused["404"] = "NotFound"
    operation: Json = {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": summary, "content": content},
            **{status: {"$ref": f"#/components/responses/{which}"} for status, which in sorted(refused.items())},
        },
    }
    if parameters:
        operation["parameters"] = parameters
    if is_open:
        operation["security"] = []
    return operation


def _parameter(name: str, words: str, pattern: str, example: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": words,
        "schema": {"type": "string", "pattern": pattern},
        "example": example,
    }


def _problem(words: str, example: Json | None = None) -> Json:
    content: Json = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        "description": words,
        "content": {"application/problem+json": content | ({"example": example} if example else {})},
    }


def _schemas() -> Json:
    measure = {"code": _CODE, "name": _CODE, "unit": {"enum": _UNITS}}
    row = {"code": _CODE, "name": _CODE}
    figures = {
        "type": "object",
        "description": "Each figure by its measure’s code. Null: not shown.",
        "additionalProperties": {"type": ["number", "null"], "minimum": 0},
    }
    quarter = {"type": "string", "pattern": _QUARTER}
    day = {"type": "string", "format": "date"}
    return {
        "Area": _object(
            {"code": {"type": "string", "pattern": _AREA}, "name": _CODE, "level": {"enum": [*Level]}}, AREA_EXAMPLE
        ),
        "Areas": _object({"areas": _list({"$ref": "#/components/schemas/Area"}), "quarters": _list(quarter)}),
        "Release": _object(
            {
                "quarter": quarter,
                "built_at": {"type": "string", "format": "date-time"},
                "method": {"type": "integer", "minimum": 1},
                "sha256": {"type": "string", "pattern": _HASH},
                "figures_shown": {"type": "integer", "minimum": 0},
                "figures_not_shown": {"type": "integer", "minimum": 0},
                "page": {"type": "string", "format": "uri"},
            }
        ),
        "Releases": _object({"releases": _list({"$ref": "#/components/schemas/Release"})}),
        "Tables": _object(
            {
                "tables": _list(
                    _object(
                        {
                            "code": _CODE,
                            "title": _CODE,
                            "about": _WORDS,
                            "measures": _list(_object(measure | {"about": _WORDS})),
                            "rows": _list(_object(row)),
                        }
                    )
                )
            }
        ),
        "Table": _object(
            {
                "code": _CODE,
                "title": _CODE,
                "measures": _list(_object(measure)),
                "rows": _list(_object(row | {"figures": figures})),
            },
            TABLE_EXAMPLE,
        ),
        "Figures": _object(
            {
                "quarter": quarter,
                "first_day": day,
                "last_day": day,
                "released_on": day,
                "area": {"$ref": "#/components/schemas/Area"},
                "csv_sha256": {"type": "string", "pattern": _HASH},
                "not_shown": _WORDS,
                "tables": _list({"$ref": "#/components/schemas/Table"}),
            }
        ),
        "Problem": _object({"type": _WORDS, "title": _CODE, "status": {"type": "integer"}, "detail": _CODE}),
    }


def _object(properties: Json, example: Json | None = None) -> Json:
    schema: Json = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return schema | ({"examples": [example]} if example else {})


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}
