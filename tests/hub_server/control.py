"""The calls by which a test steers the Hub; they are not logged and meet no faults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hub_server.faults import Fault
from hub_server.wire import Answer, RefusalError, Request, json_answer

if TYPE_CHECKING:
    from hub_server.hub import Hub

PREFIX = "/control/"


def control(hub: Hub, request: Request) -> Answer:
    """``PUT /control/faults``, ``GET``/``DELETE /control/log``, ``GET /control/held``, ``POST /control/release``."""
    body, asked = request.body(), request.parameters()
    match request.method, request.path.removeprefix(PREFIX):
        case "PUT", "faults":
            try:
                hub.faults.set([Fault(**fault) for fault in json.loads(body)])
            except (TypeError, ValueError) as error:
                return RefusalError(400, str(error)).answer()
            return Answer()
        case "GET", "log":
            return json_answer(hub.log.entries())
        case "DELETE", "log":
            hub.log.clear()
            return Answer()
        case "GET", "held":
            return json_answer(hub.faults.wait_held(asked["kind"], float(asked.get("timeout", "30"))))
        case "POST", "release":
            return json_answer(hub.faults.release(asked["kind"], drop=asked.get("drop") == "1"))
        case _:
            return RefusalError(404, f"No such control: {request.method} {request.path}").answer()
