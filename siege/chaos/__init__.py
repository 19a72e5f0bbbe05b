"""The service killed, again and again: `make chaos` kills processes at random instants of acts and of migrations, and
compares what was acknowledged with what database and files hold afterwards."""
