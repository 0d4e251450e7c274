"""What is said of a guard on the page of the person (X.23)."""

from anlan.base.person_lists import person_list

person_list("certificate", "guards.cards")
person_list("training", "guards.merits", "保安培训和演练", "kind=training&kind=drill")
person_list("assessment", "guards.assessments")
person_list("assessment", "guards.merits", "保安奖惩", "kind=reward&kind=penalty")
person_list("charge", "guards.posts")
