"""Common given and family names of South Florida's three home languages, combined at random."""

import random
import unicodedata

LANGUAGES = ("en", "es", "ht")
SHARES = (45, 40, 15)  # percent of homes; our judgement after Miami-Dade

GIVEN = {
    "en": (
        "Aaliyah", "Amelia", "Andre", "Ava", "Benjamin", "Brianna", "Caleb", "Charlotte", "Chloe", "Darius", "Ella",
        "Ethan", "Grace", "Hannah", "Imani", "Isaiah", "Jada", "Jayden", "Jordan", "Kayla", "Leah", "Liam", "Malik",
        "Mason", "Maya", "Micah", "Nia", "Noah", "Olivia", "Owen", "Quinn", "Riley", "Ruby", "Samuel", "Sophie",
        "Terrence", "Trinity", "Tyler", "Violet", "Zoe",
    ),
    "es": (
        "Adrián", "Alejandra", "Andrés", "Ángel", "Begoña", "Camila", "Catalina", "César", "Daniela", "Emilio",
        "Estefanía", "Fabián", "Gabriela", "Héctor", "Inés", "Iván", "Joaquín", "Josué", "Julián", "Lucía", "Luz",
        "María José", "Martín", "Mateo", "Nicolás", "Noemí", "Óscar", "Paloma", "Raúl", "Renata", "Rocío", "Salomé",
        "Santiago", "Sebastián", "Sofía", "Tomás", "Valentina", "Verónica", "Víctor", "Ximena",
    ),
    "ht": (
        "Ansèl", "Bèl-Ange", "Cassandre", "Chrislène", "Dachka", "Daphnée", "Dieunel", "Esther", "Fabiola", "Frantzy",
        "Gaëlle", "Ginette", "Guerlande", "Islande", "Jean-Luc", "Jeff", "Josué", "Judeline", "Kervens", "Lovelie",
        "Lunise", "Manoucheka", "Marie-Ange", "Mirlande", "Naïka", "Nadège", "Peterson", "Rachelle", "Ralph",
        "Roselène", "Sherline", "Stanley", "Stéphanie", "Valéry", "Wideline", "Widlin", "Wilner", "Woodley",
        "Yolette", "Zéphirin",
    ),
}  # fmt: skip
FAMILY = {
    "en": (
        "Adams", "Bailey", "Bennett", "Brooks", "Bryant", "Carter", "Coleman", "Cooper", "Davis", "Edwards", "Evans",
        "Fisher", "Foster", "Gibson", "Grant", "Griffin", "Hayes", "Hill", "Howard", "Hughes", "Jenkins", "Kelly",
        "Lewis", "Mitchell", "Morgan", "Murphy", "O'Neal", "Parker", "Perry", "Porter", "Reed", "Ross", "Russell",
        "Sanders", "Simmons", "Stewart", "Turner", "Ward", "Watkins", "Young",
    ),
    "es": (
        "Acosta", "Alarcón", "Álvarez", "Báez", "Benítez", "Cabrera", "Cárdenas", "Castellanos", "Díaz", "Domínguez",
        "Echeverría", "Espinoza", "Fernández", "Fuentes", "García", "Gómez", "Guzmán", "Hernández", "Ibáñez", "León",
        "López", "Marín", "Martínez", "Mejía", "Muñoz", "Núñez", "Ortiz", "Peña", "Pérez", "Quiñones", "Ramírez",
        "Ríos", "Rodríguez", "Ruiz", "Sánchez", "Suárez", "Torres", "Valdés", "Vega", "Zúñiga",
    ),
    "ht": (
        "Alcé", "Alexis", "Augustin", "Baptiste", "Beauvoir", "Bélizaire", "Célestin", "Charles", "Chéry", "Clervil",
        "Delva", "Désir", "Dorcély", "Dorvil", "Etienne", "Fénelon", "Fils-Aimé", "François", "Georges", "Hyppolite",
        "Innocent", "Jean-Baptiste", "Joseph", "Lafortune", "Laguerre", "Lindor", "Louis-Jean", "Mésidor", "Milord",
        "Noël", "Orélus", "Paul", "Pierre", "Philogène", "Rémy", "Saint-Fleur", "Saint-Louis", "Sylvain",
        "Théodore", "Toussaint",
    ),
}  # fmt: skip
SCHOOLS = (
    "Olinda", "Mangrove", "Coral Bend", "Sandpiper", "Royal Palm", "Heron Lake", "Seagrape", "Banyan", "Gumbo Limbo",
    "Poinciana", "Pelican Point", "Sea Oats", "Coontie", "Wood Stork", "Lantana Grove", "Cypress Bay", "Manatee Run",
    "Key Lime", "Frangipani", "Tamarind", "Egret Landing", "Sabal", "Kapok", "Limpkin",
)  # fmt: skip


def dice(seed: int, part: str) -> random.Random:
    """Return the randomness of one part of a district: the same for the same seed, whatever the other parts draw."""
    return random.Random(f"{seed}|{part}")  # noqa: S311 - names of nobody, not secrets


def language(rng: random.Random) -> str:
    """Draw a home language."""
    return rng.choices(LANGUAGES, SHARES)[0]


def family_name(rng: random.Random, language: str) -> str:
    """Draw a family name; one Spanish family in three has two."""
    first = rng.choice(FAMILY[language])
    if language == "es" and rng.random() < 1 / 3:
        return f"{first} {rng.choice(FAMILY[language])}"
    return first


def given_names(rng: random.Random, language: str, count: int) -> list[str]:
    """Draw given names that differ, for one family."""
    return rng.sample(GIVEN[language], count)


def ascii_letters(name: str) -> str:
    """Return a name as it stands in a user name: `Naïka` as `naika`, `María José` as `mariajose`."""
    plain = unicodedata.normalize("NFD", name.lower())
    return "".join(letter for letter in plain if "a" <= letter <= "z")
