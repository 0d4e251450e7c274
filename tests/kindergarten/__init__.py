"""The evaluation of kindergartens."""
