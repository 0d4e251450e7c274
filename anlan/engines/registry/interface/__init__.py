"""The REST interface of every ledger: same scope, same masks, same write path as the pages."""
