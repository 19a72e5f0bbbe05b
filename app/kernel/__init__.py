"""What every floor above uses: settings, clock, errors, context, audit, files, security, paging."""
