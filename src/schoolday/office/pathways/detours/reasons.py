"""Why: sentences that exist in all three languages, to choose from; own words only in all three as well."""

from collections.abc import Mapping
from http import HTTPStatus

from schoolday.contracts.plan import Texts
from schoolday.lib.errors import SchooldayError

OWN_AT_MOST_LETTERS = 500  # a banner that nobody reads to its end helps nobody; our judgement
LANGUAGES = ("en", "es", "ht")
REASONS: Mapping[str, Texts] = {
    "live_slow": Texts(
        en="Live classes are slow today, so your class meets another way.",
        es="Las clases en vivo están lentas hoy, así que tu clase se reúne de otra forma.",
        ht="Klas an dirèk yo lant jodi a, kidonk klas ou a ap rankontre yon lòt jan.",
    ),
    "live_down": Texts(
        en="Live classes do not work right now, so your class meets another way.",
        es="Las clases en vivo no funcionan en este momento, así que tu clase se reúne de otra forma.",
        ht="Klas an dirèk yo pa mache kounye a, kidonk klas ou a ap rankontre yon lòt jan.",
    ),
    "sign_on": Texts(
        en="Signing on does not work for many today, so your class meets another way.",
        es="Hoy muchos no pueden iniciar sesión, así que tu clase se reúne de otra forma.",
        ht="Anpil moun pa ka konekte jodi a, kidonk klas ou a ap rankontre yon lòt jan.",
    ),
    "attack": Texts(
        en="Somebody is disturbing our network, so your class meets another way. Your class goes on.",
        es="Alguien está alterando nuestra red, así que tu clase se reúne de otra forma. La clase continúa.",
        ht="Gen moun k ap deranje rezo nou an, kidonk klas ou a ap rankontre yon lòt jan. Klas la ap kontinye.",
    ),
    "as_teacher": Texts(
        en="Your class meets where your teacher chose, until we have looked at it again.",
        es="Tu clase se reúne donde eligió tu maestro o maestra, hasta que lo revisemos de nuevo.",
        ht="Klas ou a ap rankontre kote pwofesè ou chwazi a, jiskaske nou gade sa ankò.",
    ),
    "storm": Texts(
        en="Because of the weather your class meets another way today.",
        es="Por el mal tiempo, tu clase se reúne de otra forma hoy.",
        ht="Akòz move tan an, klas ou a ap rankontre yon lòt jan jodi a.",
    ),
    "line": Texts(
        en="The internet line of your school is down, so your class meets another way.",
        es="La conexión a internet de tu escuela no funciona, así que tu clase se reúne de otra forma.",
        ht="Liy entènèt lekòl ou a pa mache, kidonk klas ou a ap rankontre yon lòt jan.",
    ),
    "packet": Texts(
        en="Today's lesson is on your device. Do it in your own time.",
        es="La lección de hoy está en tu dispositivo. Hazla a tu ritmo.",
        ht="Leson jodi a sou aparèy ou a. Fè l nan ritm pa ou.",
    ),
    "staggered": Texts(
        en="So that everybody gets in well, your classes begin at another time.",
        es="Para que todos entren bien, tus clases empiezan a otra hora.",
        ht="Pou tout moun ka antre byen, klas ou yo ap kòmanse nan yon lòt lè.",
    ),
    "back": Texts(
        en="Your class is back in the live class.",
        es="Tu clase vuelve a la clase en vivo.",
        ht="Klas ou a tounen nan klas an dirèk la.",
    ),
}


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogues. Django's asks for settings, and an emergency has none."""
    return text


class BadReason(SchooldayError):
    """There is no reason, or own words lack a language."""

    code = "bad_reason"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("Choose why. Your own words need English, Spanish and Haitian Creole, or none at all.")


def reason_of(key: str, own: Mapping[str, str] | None = None) -> Texts:
    """
    Return the reason in all three languages: the sentence of `key`, then own words.

    :raises BadReason: if there is neither, the key is none of ours, or own words lack a language
    """
    words = {language: " ".join((own or {}).get(language, "").split()) for language in LANGUAGES}
    given = [text for text in words.values() if text]
    if (given and len(given) < len(LANGUAGES)) or any(len(text) > OWN_AT_MOST_LETTERS for text in given):
        raise BadReason
    if key and key not in REASONS:
        raise BadReason
    if not key and not given:
        raise BadReason
    sentence = REASONS.get(key)
    parts = {
        language: " ".join(filter(None, (getattr(sentence, language) if sentence else "", words[language])))
        for language in LANGUAGES
    }
    return Texts(**parts)
