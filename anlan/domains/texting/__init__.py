"""Text messages that staff send to many people at once, by templates with merge fields."""
