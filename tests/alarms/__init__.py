"""What devices report, through the door and in front of people."""
