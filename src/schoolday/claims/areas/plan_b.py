"""Plan B in one minute, and every family told."""

from schoolday.claims.claim import Claim

CLAIMS = (
    Claim(
        "miami",
        "“Grades 6-12 as each teacher chose, PK-5 stay”: typed, previewed, on every card, told to every family in "
        "its language, and undone in one act",
        "typed within 120 s, on the cards within 60 s, told within 180 s, undone within 60 s",
        ("tests/miami/test_miami.py::test_the_miami_decision",),
    ),
    Claim(
        "miami-database",
        "The same, with the database killed (-9) at the very answer to the button",
        "on the cards within 60 s",
        ("tests/miami/test_miami.py::test_the_database_is_killed_right_after_the_decision",),
        dead="the database, right after a decision",
        works="the decision reaches every card, and doors lead to the alternate; undone when it is back",
    ),
    Claim(
        "detour-published",
        "A detour of a district is in the signed plan, whole, without computing a school again",
        "within 10 s for 50,000 students (full form)",
        ("tests/office/pathways/test_detour_speed.py",),
    ),
    Claim(
        "card-moved",
        "A detour is on the card of every connected device, in its language, and off again when it is undone",
        "within 60 s",
        ("tests/moved/test_card.py",),
    ),
    Claim(
        "class-moved",
        "A class that is in session moves: a banner with the reason, one tap there, one tap back",
        "within 60 s",
        ("tests/moved/test_in_class.py",),
    ),
    Claim(
        "notices",
        "Notices by mail, text message, call and push: how many a second, none twice, none lost",
        "every message once; a dead way delays no other",
        ("tests/claims/test_notices.py",),
    ),
    Claim(
        "notices-killed",
        "The worker is killed (-9) again and again while it sends mail",
        "0 twice",
        ("tests/claims/test_notices.py",),
    ),
    Claim(
        "faults-named",
        "Door down, line cut, flood, sign-on dead, live server dead: each is named by its layer",
        "5 of 5 within two minutes",
        ("tests/probe/test_faults.py",),
    ),
    Claim(
        "desk",
        "The operator's desk on a real day: it counts as students come, names a dead door, and goes on counting "
        "with office and database gone",
        "named within two minutes",
        ("tests/browser/test_desk.py",),
    ),
    Claim(
        "status-page",
        "The public status page is read without JavaScript, on a small phone, by keyboard, in three languages",
        "all of it",
        ("tests/browser/test_status_page.py",),
    ),
    Claim(
        "feeds",
        "Public notices for machines: CAP 1.2 and Atom",
        "valid by CAP's schema and by a feed reader",
        ("tests/office/notices/test_feeds.py",),
    ),
    Claim(
        "amnesty",
        "Amnesty in a district: only absences inside flip, teachers' marks stay, undone the register is as before",
        "50,000 students within 30 s (full form)",
        ("tests/claims/test_amnesty.py",),
    ),
    Claim(
        "axe",
        "axe-core on every page of a real day, found by following its links, in three languages",
        "0 findings",
        ("tests/browser/test_axe.py",),
    ),
)
