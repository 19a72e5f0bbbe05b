"""Callers who come from elsewhere."""

from starlette.testclient import TestClient

from sandbox.world import World


def coming_from(world: World, address: str) -> World:
    """The same service, as it is called from this address."""
    client = TestClient(world.client.app, raise_server_exceptions=False, client=(address, 50_000))
    # It runs in the same event loop, where its connections belong.
    client.portal = world.client.portal
    return World(client, world.clock)
