"""Site: settings, URLs, WSGI and the ``anlan`` command."""
