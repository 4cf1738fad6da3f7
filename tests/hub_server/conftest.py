"""The fixtures of this folder."""

from hub_server.fixtures import hub, shared_hub

__all__ = ["hub", "shared_hub"]
