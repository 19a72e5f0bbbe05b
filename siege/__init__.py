"""The service besieged: `make siege` starts it on loopback, attacks it for a bounded time and tells what held."""
