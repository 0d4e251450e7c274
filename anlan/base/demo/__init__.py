"""The demo county: fictional, deterministic, clearly marked; domains add their history as further steps."""
