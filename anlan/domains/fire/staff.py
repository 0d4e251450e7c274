"""What fire safety says on the page of a person (X.23)."""

from anlan.base.person_lists import person_list

person_list("certificate", "fire.duties")
person_list("duty", "fire.walks")
person_list("charge", "fire.devices")
person_list("charge", "fire.key_places")
