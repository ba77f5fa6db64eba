"""
The words of the pages, in all three languages at once; one sheet shows them side by side.

Not gettext: a sheet has no reader's language, and these pages are made where there may be no office, hence no Django.
"""

from dataclasses import dataclass
from html import escape

from schoolday.contracts.plan import Texts

LANGUAGES = ("en", "es", "ht")
LANGUAGE_NAMES = {"en": "English", "es": "Español", "ht": "Kreyòl ayisyen"}


def _texts(en: str, es: str, ht: str) -> Texts:
    return Texts(en=en, es=es, ht=ht)


WORDS = {
    "where": _texts("Where to go", "A dónde ir", "Ki kote pou w ale"),
    "which_school": _texts("Choose your school", "Elija su escuela", "Chwazi lekòl ou"),
    "which_class": _texts("Choose your class", "Elija su clase", "Chwazi klas ou"),
    "when": _texts("When", "Cuándo", "Kilè"),
    "period": _texts("Period", "Período", "Peryòd"),
    "time": _texts("Time", "Hora", "Lè"),
    "class": _texts("Class", "Clase", "Klas"),
    "place": _texts("Where", "Dónde", "Kote"),
    "grade": _texts("Grade {grade}", "Grado {grade}", "Ane {grade}"),
    "kindergarten": _texts("Kindergarten", "Kínder", "Jaden timoun"),
    "before_kindergarten": _texts("Before kindergarten", "Antes del kínder", "Anvan jaden timoun"),
    "other_grades": _texts("Other classes", "Otras clases", "Lòt klas"),
    "now": _texts("Now", "Ahora", "Kounye a"),
    "next": _texts("Next", "Después", "Apre sa"),
    "open_live": _texts(
        "Your class meets live. Open {portal}:",
        "Su clase es en vivo. Abra {portal}:",
        "Klas ou a fèt an dirèk. Louvri {portal}:",
    ),
    "live_moved": _texts(
        "Your class meets live, at the times below. Open {portal}:",
        "Su clase es en vivo, a las horas de abajo. Abra {portal}:",
        "Klas ou a fèt an dirèk, nan lè ki anba yo. Louvri {portal}:",
    ),
    "open_other": _texts(
        "Your class meets on {kind}. Open this link:",
        "Su clase es por {kind}. Abra este enlace:",
        "Klas ou a fèt sou {kind}. Louvri lyen sa a:",
    ),
    "open_link": _texts(
        "Your class meets here. Open this link:",
        "Su clase es aquí. Abra este enlace:",
        "Klas ou a fèt isit la. Louvri lyen sa a:",
    ),
    "call": _texts(
        "Your class meets by phone. Call:", "Su clase es por teléfono. Llame al:", "Klas ou a fèt nan telefòn. Rele:"
    ),
    "packet": _texts(
        "Do today's lesson on your device. It works without internet. Open {portal}:",
        "Haga la lección de hoy en su aparato. Funciona sin internet. Abra {portal}:",
        "Fè leson jodi a sou aparèy ou. Li mache san entènèt. Louvri {portal}:",
    ),
    "ask": _texts(
        "Your class moved, and its new place is not known yet. Look here again soon, or call your school.",
        "Su clase cambió de lugar, y el nuevo aún no se sabe. Mire aquí otra vez pronto, o llame a su escuela.",
        "Klas ou a chanje kote, e yo poko konnen nouvo kote a. Gade isit la ankò talè, oswa rele lekòl ou.",
    ),
    "plan_b": _texts("If that does not open:", "Si eso no abre:", "Si sa pa louvri:"),
    "why": _texts("Why", "Por qué", "Poukisa"),
    "until": _texts("Until {when}.", "Hasta el {when}.", "Jiska {when}."),
    "further_notice": _texts("Until further notice.", "Hasta nuevo aviso.", "Jiskaske nou di w lòt bagay."),
    "review": _texts(
        "We look at it again on {when}.", "Lo revisamos de nuevo el {when}.", "N ap gade sa ankò {when}."
    ),
    "begins": _texts("From {when}.", "Desde el {when}.", "Depi {when}."),
    "no_meetings": _texts(
        "No class is planned for these days.", "No hay clase prevista en estos días.", "Pa gen klas nan jou sa yo."
    ),
    "as_of": _texts("As of {when}", "Al {when}", "Dapre sa nou konnen {when}"),
    "as_of_marks": _texts("Marked as of {when}", "Marcado al {when}", "Make dapre lè {when}"),
    "phone": _texts("Phone of the school", "Teléfono de la escuela", "Telefòn lekòl la"),
    "this_page": _texts("This page", "Esta página", "Paj sa a"),
    "scan": _texts("Scan to see the newest", "Escanee para ver lo más nuevo", "Eskane pou w wè sa ki pi nouvo"),
    "all_schools": _texts("All schools", "Todas las escuelas", "Tout lekòl yo"),
    "status": _texts("How school meets now", "Cómo son las clases ahora", "Ki jan klas yo fèt kounye a"),
    "school": _texts("School", "Escuela", "Lekòl"),
    "grades": _texts("Grades", "Grados", "Ane yo"),
    "all_live": _texts("Live", "En vivo", "An dirèk"),
    "count_of": _texts("{count} of {all}", "{count} de {all}", "{count} sou {all}"),
    "well": _texts(
        "School is on. All classes meet live, as always.",
        "Hay clases. Todas son en vivo, como siempre.",
        "Gen lekòl. Tout klas yo fèt an dirèk, jan sa fèt toujou.",
    ),
    "changed": _texts(
        "School is on. Some classes moved.",
        "Hay clases. Algunas cambiaron de lugar u hora.",
        "Gen lekòl. Kèk klas chanje kote oswa lè.",
    ),
    "broken": _texts(
        "Something does not work right now.",
        "Algo no funciona en este momento.",
        "Gen yon bagay ki pa mache kounye a.",
    ),
    "on_but_broken": _texts(
        "School is on. Something does not work right now.",
        "Hay clases. Algo no funciona en este momento.",
        "Gen lekòl. Gen yon bagay ki pa mache kounye a.",
    ),
    "do": _texts("What to do", "Qué hacer", "Sa pou w fè"),
    "do_usual": _texts(
        "Open {portal}, as always:", "Abra {portal}, como siempre:", "Louvri {portal}, jan ou toujou fè:"
    ),
    "do_look": _texts(
        "Look at your class. It tells where to go now.",
        "Mire su clase. Ahí dice a dónde ir ahora.",
        "Gade klas ou. Li di ki kote pou w ale kounye a.",
    ),
    "do_nothing": _texts(
        "You do not have to do anything.", "No tiene que hacer nada.", "Ou pa bezwen fè anyen."
    ),
    "more_by": _texts(
        "More news here by {when}.",
        "Más noticias aquí a más tardar: {when}.",
        "Plis nouvèl isit la pa pita pase {when}.",
    ),
    "since": _texts("Since {when}.", "Desde: {when}.", "Depi {when}."),
    "next_by": _texts(
        "Next word by {when}.", "Próxima noticia a más tardar: {when}.", "Pwochen nouvèl pa pita pase {when}."
    ),
    "over": _texts("This is over. It ended: {when}.", "Ya terminó: {when}.", "Sa fini: {when}."),
    "what_is_over": _texts("What is over", "Lo que ya terminó", "Sa ki fini"),
    "only_grades": _texts("Grades: {bands}", "Grados: {bands}", "Klas: {bands}"),
    "look_again": _texts("Look for news", "Ver si hay novedades", "Gade si gen nouvèl"),
    "language": _texts("Language", "Idioma", "Lang"),
    "your_school": _texts("Find your school", "Busque su escuela", "Chèche lekòl ou"),
    "other_times": _texts("Live, at other times", "En vivo, a otras horas", "An dirèk, nan lòt lè"),
    "all_bands": _texts("All grades", "Todos los grados", "Tout ane yo"),
    "what_changed": _texts("What changed", "Qué cambió", "Sa ki chanje"),
    "news": _texts("News", "Noticias", "Nouvèl"),
    "moved_to": _texts("Classes meet: {kind}.", "Las clases son: {kind}.", "Klas yo fèt: {kind}."),
    "teachers_choice": _texts(
        "as each teacher chose", "como eligió cada maestro", "jan chak pwofesè te chwazi"
    ),
    "schools_count": _texts("Schools: {count}", "Escuelas: {count}", "Lekòl: {count}"),
    "updated": _texts("Last updated {when}", "Última actualización: {when}", "Dènye nouvèl: {when}"),
    "next_update": _texts(
        "Next update by {when}", "Próxima actualización antes del {when}", "Pwochen nouvèl anvan {when}"
    ),
    "find_class": _texts("Find your class", "Busque su clase", "Chèche klas ou"),
    "days": _texts("Classes of {when}", "Clases del {when}", "Klas {when}"),
}  # fmt: skip

KINDS = {
    "live": _texts("Live", "En vivo", "An dirèk"),
    "zoom": _texts("Zoom", "Zoom", "Zoom"),
    "teams": _texts("Teams", "Teams", "Teams"),
    "meet": _texts("Google Meet", "Google Meet", "Google Meet"),
    "jitsi": _texts("Jitsi", "Jitsi", "Jitsi"),
    "bbb": _texts("BigBlueButton", "BigBlueButton", "BigBlueButton"),
    "phone": _texts("Phone", "Teléfono", "Telefòn"),
    "link": _texts("Another link", "Otro enlace", "Yon lòt lyen"),
    "packet": _texts("Lesson on the device", "Lección en el aparato", "Leson sou aparèy la"),
    "": _texts("Not known yet", "Aún no se sabe", "Poko konnen"),
}


def said(texts: Texts, **facts: Texts | str) -> Texts:
    """Return the sentence with its facts filled in, each in its own language. Nothing is escaped yet."""

    def fill(language: str) -> str:
        own = {key: getattr(fact, language) if isinstance(fact, Texts) else fact for key, fact in facts.items()}
        text: str = getattr(texts, language)
        return text.format(**own)

    return Texts(en=fill("en"), es=fill("es"), ht=fill("ht"))


def inline(texts: Texts) -> str:
    """Return the three as one line of HTML; only once what is the same in all."""
    if texts.en == texts.es == texts.ht:
        return escape(texts.en)
    return " · ".join(f'<span lang="{language}">{escape(getattr(texts, language))}</span>' for language in LANGUAGES)


def lines(texts: Texts, *, kind: str = "") -> str:
    """Return the three as paragraphs of HTML."""
    of_class = f' class="{kind}"' if kind else ""
    return "".join(f'<p lang="{language}"{of_class}>{escape(getattr(texts, language))}</p>' for language in LANGUAGES)


def word(name: str, **facts: Texts | str) -> str:
    """Return a word of WORDS as one line of HTML."""
    return inline(said(WORDS[name], **facts))


@dataclass(frozen=True)
class Say:
    """Says words in one language, as HTML, for pages that there are in each language."""

    language: str

    def __call__(self, name: str, **facts: Texts | str) -> str:
        return self.text(said(WORDS[name], **facts))

    def text(self, texts: Texts) -> str:
        told: str = getattr(texts, self.language)
        return escape(told)

    def file(self, name: str) -> str:
        """Return the file of a page in this language; English has the plain name."""
        return f"{name}.html" if self.language == "en" else f"{name}.{self.language}.html"
