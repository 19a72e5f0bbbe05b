"""Pages for the public: rendered here, readable without script, in Chinese and English."""

from app.pages import (
    candidates,
    checking,
    following,
    found_by,
    home,
    notices,
    privacy,
    register,
    reporting,
    statistics,
)

ALL = (
    home.pages,
    checking.pages,
    notices.pages,
    candidates.pages,
    following.pages,
    reporting.pages,
    register.pages,
    statistics.pages,
    privacy.pages,
    found_by.pages,
)
