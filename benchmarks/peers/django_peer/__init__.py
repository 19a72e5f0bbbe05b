"""The three jobs in Django REST framework, as its documentation would have it. It runs in an environment of its own."""
