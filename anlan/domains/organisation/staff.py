"""What posts, letters and meetings say on the page of a person (X.23)."""

from anlan.base.person_lists import person_list

person_list("post", "organisation.seats")
person_list("post", "organisation.letters")
person_list("training", "organisation.meetings", "安全培训会", "kind=training")
person_list("task", "organisation.meeting_tasks")
person_list("late", "organisation.meeting_tasks", query="overdue=1")
