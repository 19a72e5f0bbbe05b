"""The service that administers the “会昌独好” Quality Award of Huichang County."""

__version__ = "0.3.0"
