"""What schemathesis cannot know of a hotel.

Loaded by schemathesis (SCHEMATHESIS_HOOKS). Four things only: the account that
the run is signed in with is not deactivated by it; no copy is put back in the
middle of it; every request has an
Idempotency-Key of its own, or all but the first would be refused for it; and a
value that fits the schema may be refused for reasons that no schema can state.
Each such reason stands here with its sentence, and a 422 that says anything else
about a value that fits the schema is a failure.
"""

import os
import re
import uuid

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

OWN_ACCOUNT = os.environ["INNKEEPER_ACCOUNT_ID"]
NOBODY = 9007199254740991
GOOD_KEY = re.compile(r"[!-~]([ -~]{0,198}[!-~])?")

# A date in a sentence: 3 May, 3 May 2027.
DATE = r"\d{1,2} [A-Z][a-z]+( \d{4})?"

REASONS = re.compile("|".join(f"(?:{reason})" for reason in [
    # What is named has to exist.
    r"does not exist",
    r"is not a (guest|guest's id|room's id|room type's id|reservation's id)",
    r"is not one of the (booking sources|payment methods)",
    r"must be a time zone such as Europe/Lisbon",
    r"is \S.*, which is no longer sold; choose another",
    # A plan is sold in its time, and to those whom it is for.
    r"is \S.*, which (is for|is sold|was sold|is only for) .*; choose another",
    r"is \S.*, which needs its promo code",
    r"would be one more than the \d+ .* a hotel may have",
    # The currency decides how many decimals an amount has.
    r"has more decimals than the currency",
    # A multiple of 0.0001 is none in the numbers of those who read schemas: the description has it in words.
    r"must be from 0 to \d+, with \d+ decimals at most",
    # Dates stand to each other, and to the business date.
    rf"must be after (the check-in date|the start date|{DATE})",
    rf"must not be (before|after) the business date, {DATE}",
    rf"must not be before {DATE} and after the arrival",
    r"must not be before the first night",
    r"must be from 0 to 1099 days after from",
    r"must be from 0 to 400 days after the first day",
    r"makes the (stay|block) longer than \d+ (nights|days)",
    r"makes more than \d+ nights",
    r"is not a night of the stay",
    r"do not fall within these nights",
    r"stands twice",
    r"names “[^”]+” twice",
    # What is levied is one description, whose parts name each other.
    r"is none of the (groups|taxes)",
    r"must (be empty: the parts have the taxes|not be a split price|make 100 percent together)",
    r"must hold 2 to \d+ entries",
    r"must not come to more than the price",
    r"must be (later|more) than the one before",
    r"must not be before the first",
    r"must have either amount or percent",
    r"must be (an amount for a stay|by room and night inside the price|days of the year)",
    r"must be one band from 0 on for a levy that the price includes",
    r"must not be with a bound or on the service charge",
    r"needs the country that residents live in",
    # Fields stand to each other.
    r"is missing: give a (guest_id or a guest|room type or a room)",
    r"must not be given together with (guest_id|total_amount( or nightly)?|room_id)",
    # A part of a stay begins where the one before it ends, and a band of ages above the one before it.
    r"must be (where the part before it ends, of the first the arrival|the departure in the last part)",
    r"must be after the first night",
    r"must be from \d+ to 17",
    r"must say (how many people the price is for|why nothing is charged|what the security is kept for)",
    r"must be at least 1 without children",
    r"must have one age for each child, or be empty",
    r"is for tentative bookings only",
    r"must be empty: the best available rate is for everybody, at any time",
    r"must be percent or amount for a plan with a parent",
    r"must name the plan that the offset is from",
    r"must be empty: the best available rate stands on its own",
    r"derives from this plan itself; choose another parent",
    r"makes a chain of more than \d+ plans; .*",
    r"must be another guest",
    r"must be more than zero; give an allowance to take something off",
    r"must not be zero",
    r"is larger than any amount taken here",
    # Ranges of room numbers are written out before they are looked at.
    r"lists room .* twice",
    r"must run upward, such as 101-112",
    r"makes more than 500 rooms; add them in several steps",
    r"has too many digits",
    r"must be at most 20 characters",
    # A folder is there or it is not.
    r"must be the full path of a folder that exists on the hotel's computer",
    # A password is right or it is not.
    r"is not your password",
]))


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.operation.path.startswith("/api/users/{id}") and str(case.path_parameters.get("id")) == OWN_ACCOUNT:
        case.path_parameters["id"] = NOBODY
    if case.operation.path == "/api/backups/{name}/restore":
        # A copy put back closes the server for a moment: tests/process does that.
        case.path_parameters["name"] = "no-such-copy.db.gz"
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and GOOD_KEY.fullmatch(key):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps a failure, unless it is a refusal for one of the reasons above."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    errors = response.json()["errors"]
    return not (errors and all(REASONS.fullmatch(error["message"]) for error in errors))
