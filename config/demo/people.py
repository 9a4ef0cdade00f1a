"""Fictional people: names drawn by lot, always the same ones."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

GIVEN = """
Aina Aksel Amalie Amina Anders Anette Anne-Lise Arild Arvid Asbjørn Aslaug Astri Ásllat Beate
Bente-Marie Birgit Bjørnar Borghild Brita Cathinka Dagny Daniel Dina Ebba Eivor Elen-Marja
Elin-Sofie Embla Endre Erlend Ester Eskil Fatima Frida Frøydis Gaute Gerd Gisle Gro-Anita Gudrun
Guri Gøril Halldis Hallvard Hedda Heidi-Renate Helga Hilmar Håvard Idunn Inger-Lise Ingunn Isak
Iselin Ivar-Andre Jannike Jarle Jofrid Jorid Jostein Juni Kai-Roger Kaja Káre-Ánde Kjellaug
Kjersti-Ann Kristian Laila Láilá Leif-Arne Lillian Linn Liv-Berit Magnhild Maja Malene Mari-Ann
Marjatta Marte-Lene Máret Mona-Lill Muna Narve Nils-Ánte Noor Oddbjørg Oddvar Oline Ottar
Pernille Ragna Rebekka Reidun Rolf-Inge Ronja Rúni Sabina Samira Selma Sigve Silje-Kristin Siv
Snorre Solfrid Sondre Stein-Ove Sunniva Svanhild Synne Tarjei Terese Tiril Tordis Torfinn Tuva
Ulrikke Unn Valborg Vebjørn Vegard Wenche Yasmin Yngve Zahra Øydis Øystein-Rune Åshild Åsta
""".split()  # noqa: SIM905 -- a list of this length reads better so
FAMILY = """
Aarflot Aasgaard Abdi Aksnes Alfheim Aronsen Askeland Austrheim Bakkejord Balto Bjerkestrand
Bjørgum Blix Bogen Breivik Bruaset Brynhildsvoll Buljo Bårdsen Dalsbø Devold Djupvik Drageset
Dyrkorn Eikemo Eira Elvestad Engebakken Espeseth Fagerheim Farstad Fjellanger Flatøy Fosse
Framnes Frøyland Gaup Gjerstad Gjesdal Grindheim Grønnevik Gullstein Haldorsen Hamarøy Hatlestad
Haukanes Heimdal Hegrenes Hjelmeland Holsether Hope Huseklepp Hustad Høgetveit Håheim Indrehus
Ishaug Jáma Jordalen Juuso Kalhagen Kleppestø Klungland Kolstø Kvalheim Kvinge Kaarbø Laksvatn
Langeland Leirvåg Lilleeng Lindseth Lothe Lygre Løkhammer Magga Marøy Medås Mjelde Mortvedt
Myrseth Måseide Nedrebø Nesbakken Nilut Nordanger Nordtveit Nyhammer Oksnes Omvik Opdøl Oskal
Raknes Rasmussen-Li Reigstad Risnes Rosendahl Ryland Rødseth Sagvåg Samnøy Sandtorv Sara Selheim
Siddiqui Sjøholt Skogvang Skulstad Sletten Solvang Somby Stalheim Steinsland Stokkedal Storebø
Straume Sylta Sælen Søvik Tafjord Teigland Tjeldnes Toppe Tveiterås Tysseland Ulvestad Utne
Valvatne Vangsnes Varsi Vedvik Veivåg Vikanes Volden Vaage Warsame Wergeland Ytrehus Østrem
Øvretveit Aadland Åkernes Årdalsbakke
""".split()  # noqa: SIM905 -- a list of this length reads better so


@dataclass(frozen=True)
class Name:
    given: str
    family: str

    def address(self, domain: str) -> str:
        """Return an e-mail address under `domain`, in plain letters."""
        return f"{plain(self.given)}.{plain(self.family)}@{domain}"


def plain(text: str) -> str:
    """Return `text` as it stands in an e-mail address."""
    letters = text.lower().translate(str.maketrans("æøå-", "aoa."))
    return unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()


def names(lot: random.Random) -> Iterator[Name]:
    """Yield names, none of them twice."""
    pairs = [Name(given, family) for given in GIVEN for family in FAMILY]
    lot.shuffle(pairs)
    yield from pairs


def phone(lot: random.Random) -> str:
    """Return a mobile number the way the portal stores it."""
    return f"+47{lot.choice('49')}{lot.randrange(10**6, 10**7)}"
