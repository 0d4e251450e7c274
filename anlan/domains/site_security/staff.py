"""What technical protection says on the page of a person (X.23)."""

from anlan.base.person_lists import person_list

person_list("certificate", "site_security.qualifications")
person_list("charge", "site_security.devices")
person_list("charge", "site_security.places")
