"""The forms engine's door: item bank, forms and their versions, responses, counts."""

from anlan.engines.forms.answering import (
    Saved,
    begin,
    save_answers,
)
from anlan.engines.forms.answers import Answer, ancestor_ids
from anlan.engines.forms.bank import Item, ItemCategory
from anlan.engines.forms.banking import (
    add_category,
    add_item,
    categories_for,
    category_by_code,
    change_category,
    change_item,
    delete_category,
    delete_item,
    find_items,
    restore_item,
    retire_category,
)
from anlan.engines.forms.checking import read_form
from anlan.engines.forms.codec import to_json
from anlan.engines.forms.composing import question_from
from anlan.engines.forms.counting import ItemCount, counted, counts, statistics
from anlan.engines.forms.definition import (
    Column,
    Condition,
    Evidence,
    Filling,
    Form,
    NumberRule,
    Option,
    Question,
    Section,
)
from anlan.engines.forms.designing import (
    Differences,
    add_form,
    copy_form,
    differences,
    edit_form,
    forms_in_use,
    publish,
    save_content,
    versions_of,
    withdraw,
)
from anlan.engines.forms.designs import FormDefinition, FormVersion
from anlan.engines.forms.drawing import Sheet, sheet, sheet_of, words
from anlan.engines.forms.editions import carry_over
from anlan.engines.forms.evidence import awaited
from anlan.engines.forms.importing import (
    ImportResult,
    ItemRow,
    RowError,
    check_items,
    import_items,
    rows_from_text,
)
from anlan.engines.forms.incoming import AnswerIn, answers_from_json, body_of, client_time
from anlan.engines.forms.knowing import offer_known
from anlan.engines.forms.layouts.grids import Grid, draw, grid_of
from anlan.engines.forms.layouts.keeping import add_layout, put_on, take_off
from anlan.engines.forms.layouts.lattice import Layout, Look, Spot, address
from anlan.engines.forms.layouts.pages_out import filled_page, summed_page, written
from anlan.engines.forms.layouts.summing import Total, totals
from anlan.engines.forms.layouts.writing import Page, write_pages
from anlan.engines.forms.posting import answers_from_post, attach_posted, with_files
from anlan.engines.forms.purposes import (
    Purpose,
    declare_purpose,
    fillable_response,
    readable_response,
    readable_version,
    register_version_reader,
)
from anlan.engines.forms.responses import Response, responses_of
from anlan.engines.forms.showing import facts_of, provide_facts, shown
from anlan.engines.forms.signing import Signing
from anlan.engines.forms.site_requirements import Requirement, Requirements, load_site_requirements
from anlan.engines.forms.site_requirements import parse as read_requirements
from anlan.engines.forms.submitting import Submitted, given_by, reopen, signing, still_missing, submit
from anlan.engines.forms.tallies import AnswerTally, fold, recompute
from anlan.engines.forms.vocabularies import HAZARD_CATEGORY, HAZARD_GRADE, SCHOOL_TYPE, offer_words

__all__ = [
    "HAZARD_CATEGORY",
    "HAZARD_GRADE",
    "SCHOOL_TYPE",
    "Answer",
    "AnswerIn",
    "AnswerTally",
    "Column",
    "Condition",
    "Differences",
    "Evidence",
    "Filling",
    "Form",
    "FormDefinition",
    "FormVersion",
    "Grid",
    "ImportResult",
    "Item",
    "ItemCategory",
    "ItemCount",
    "ItemRow",
    "Layout",
    "Look",
    "NumberRule",
    "Option",
    "Page",
    "Purpose",
    "Question",
    "Requirement",
    "Requirements",
    "Response",
    "RowError",
    "Saved",
    "Section",
    "Sheet",
    "Signing",
    "Spot",
    "Submitted",
    "Total",
    "add_category",
    "add_form",
    "add_item",
    "add_layout",
    "address",
    "ancestor_ids",
    "answers_from_json",
    "answers_from_post",
    "attach_posted",
    "awaited",
    "begin",
    "body_of",
    "carry_over",
    "categories_for",
    "category_by_code",
    "change_category",
    "change_item",
    "check_items",
    "client_time",
    "copy_form",
    "counted",
    "counts",
    "declare_purpose",
    "delete_category",
    "delete_item",
    "differences",
    "draw",
    "edit_form",
    "facts_of",
    "fillable_response",
    "filled_page",
    "find_items",
    "fold",
    "forms_in_use",
    "given_by",
    "grid_of",
    "import_items",
    "load_site_requirements",
    "offer_known",
    "offer_words",
    "provide_facts",
    "publish",
    "put_on",
    "question_from",
    "read_form",
    "read_requirements",
    "readable_response",
    "readable_version",
    "recompute",
    "register_version_reader",
    "reopen",
    "responses_of",
    "restore_item",
    "retire_category",
    "rows_from_text",
    "save_answers",
    "save_content",
    "sheet",
    "sheet_of",
    "shown",
    "signing",
    "statistics",
    "still_missing",
    "submit",
    "summed_page",
    "take_off",
    "to_json",
    "totals",
    "versions_of",
    "with_files",
    "withdraw",
    "words",
    "write_pages",
    "written",
]
