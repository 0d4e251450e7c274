"""Models of the base floor, for Django."""

from anlan.base.calendar import CalendarSpan, Term
from anlan.base.chain_limits import StallLimits
from anlan.base.checklists import CheckItem, CheckRhythm
from anlan.base.demo.marks import DemoLoad
from anlan.base.derived_grants import DerivedGrant
from anlan.base.divisions import Division
from anlan.base.figure_limits import FigureAlarm, FigureLimit
from anlan.base.grids import Grid
from anlan.base.outlines import Outline
from anlan.base.people import Person
from anlan.base.places import Place
from anlan.base.posts import PostHolder
from anlan.base.proposal_choices import ProposalChoice
from anlan.base.roles import ROLES
from anlan.base.school_changes import SchoolChange
from anlan.base.school_rules import SchoolFieldRule
from anlan.base.schools import School
from anlan.base.spot_checks import SpotCheck
from anlan.base.tags import SchoolTag
from anlan.base.teams import TeamMember
from anlan.base.vacancies import Vacancy
from anlan.base.vocabularies import Code, CodeTable

__all__ = [
    "ROLES",
    "CalendarSpan",
    "CheckItem",
    "CheckRhythm",
    "Code",
    "CodeTable",
    "DemoLoad",
    "DerivedGrant",
    "Division",
    "FigureAlarm",
    "FigureLimit",
    "Grid",
    "Outline",
    "Person",
    "Place",
    "PostHolder",
    "ProposalChoice",
    "School",
    "SchoolChange",
    "SchoolFieldRule",
    "SchoolTag",
    "SpotCheck",
    "StallLimits",
    "TeamMember",
    "Term",
    "Vacancy",
]
