"""A sample module as a site would add its own: lamps of a school, their makers, their repair."""
