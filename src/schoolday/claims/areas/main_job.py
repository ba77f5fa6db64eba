"""The main job: from a roster file to a live class at the bell."""

from schoolday.claims.claim import Claim

CLAIMS = (
    Claim(
        "run-twice",
        "One command starts the whole day, a second time in seconds, and ctrl-C stops all of it and nothing else",
        "second start within 30 s; 0 processes left",
        ("tests/faults/test_run.py",),
    ),
    Claim(
        "class-at-the-bell",
        "A teacher and students known only from roster files meet in a live class with moving pictures",
        "every student decodes the teacher's frames",
        ("tests/browser/test_first_class.py",),
    ),
    Claim(
        "outsider-refused",
        "A student of another section is refused at the door and by the live server",
        "refused at both",
        ("tests/browser/test_first_class.py",),
    ),
    Claim(
        "register-by-itself",
        "The register shows who came and when, to the minute, without anyone writing it down",
        "every arrival in the right minute",
        ("tests/browser/test_first_class.py",),
    ),
    Claim(
        "first-contact",
        "Durable joins a second on first contact, as a share of the same server's plain 200",
        "at least 0.07, none lost",
        ("tests/claims/test_bench.py::test_first_contact",),
    ),
    Claim(
        "day-session",
        "Durable joins a second with a day session, as a share of the same server's plain 200",
        "at least 0.25, none lost",
        ("tests/claims/test_bench.py::test_day_session",),
    ),
    Claim(
        "door-memory",
        "A door's memory with the plan of a large district",
        "under 150 MB with 900,000 students (full form)",
        ("tests/claims/test_bench.py::test_memory",),
    ),
    Claim(
        "door-alone",
        "A door starts and admits with no office, no database and no network, and a join opens no socket",
        "0 connect() calls",
        ("tests/door/test_alone.py",),
    ),
    Claim(
        "roster-scale",
        "A roster of a large district is imported on SQLite, and PostgreSQL gives the same answer",
        "50,000 students under 60 s and 1 GiB (full form)",
        ("tests/claims/test_roster_scale.py",),
    ),
    Claim(
        "today-size",
        "What a device must load to show Today: JavaScript, compressed",
        "at most 80 KB",
        ("tests/claims/test_app_size.py",),
    ),
)
