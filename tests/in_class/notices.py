"""The operator's pages of a new notice, asked as a browser would ask them."""

from collections.abc import Mapping

from tests.device import Device

WORDS = {
    "en": "Stay where you are. The building is locked.",
    "es": "Quédate donde estás. El edificio está cerrado.",
    "ht": "Rete kote ou ye a. Bilding lan fèmen.",
}


def send_notice(operator: Device, incident: str) -> str:
    """The three steps of a new notice, as the operator's pages send them; return the notice's id."""
    who = {"incident": incident, "who": ["staff", "guardians", "students"]}
    draft = post_form(operator, "/office/notices/new/", who)
    words = {f"free_{language}": text for language, text in WORDS.items()}
    sending = post_form(operator, draft, {**words, "level": "emergency", "channel": ["banner"]})
    assert sending.endswith("/send/"), sending
    return post_form(operator, sending, {}).strip("/").split("/")[-1]


def post_form(operator: Device, path: str, data: Mapping[str, object]) -> str:
    """Send a form; return where it leads."""
    headers = {
        "X-CSRFToken": operator.http.cookies.get("csrftoken") or "",
        "Origin": str(operator.http.base_url).rstrip("/"),
    }
    answer = operator.http.post(path, data=data, headers=headers)
    assert answer.status_code == 302, (path, answer.status_code)
    return answer.headers["Location"]
