"""The organisation of the demo network: real units and municipalities."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Group:
    """A local group: where its members work, how many they are, and what else it is called."""

    slug: str
    nb: str
    members: int
    places: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    hospital: str = ""
    nn: str = ""


@dataclass(frozen=True)
class Network:
    """A network of one or more professions, with its local groups."""

    slug: str
    nb: str
    nn: str
    short: str
    professions: tuple[str, ...]
    role_nb: str
    role_nn: str
    groups: tuple[Group, ...]
    sami: str = ""
    strictness: str = "recommended"
    aliases: tuple[str, ...] = ()
    description_nb: str = ""
    description_nn: str = ""


@dataclass(frozen=True)
class Area:
    """A trust area with its networks, under a region; without a slug the region itself."""

    slug: str
    nb: str
    short: str
    domain: str
    networks: tuple[Network, ...]


@dataclass(frozen=True)
class Region:
    slug: str
    nb: str
    areas: tuple[Area, ...] = field(default=())


NURSES = ("sykepleier", "vernepleier")
THERAPISTS = ("fysioterapeut", "ergoterapeut")

BERGEN = Area(
    slug="helse-bergen",
    nb="Helse Bergen foretaksområde",
    short="Helse Bergen",
    domain="helse-bergen.example",
    networks=(
        Network(
            slug="sykepleienettverket-helse-bergen",
            nb="Sykepleienettverket i Helse Bergen",
            nn="Sjukepleienettverket i Helse Bergen",
            short="Sykepleienettverket",
            aliases=("Sykepleienettverk",),
            professions=NURSES,
            role_nb="ressurssykepleier",
            role_nn="ressurssjukepleiar",
            strictness="mandatory",
            description_nb="Ressurspersoner i kreftomsorg og lindrende behandling, i sju grupper.",
            description_nn="Ressurspersonar i kreftomsorg og lindrande behandling, i sju grupper.",
            groups=(
                Group("bergen-i", "Bergen I", 24, ("Bergen",), ("Bergen 1",)),
                Group("bergen-ii", "Bergen II", 22, ("Bergen",), ("Bergen 2",)),
                Group("bergen-iii", "Bergen III", 21, ("Bergen",), ("Bergen 3",)),
                Group("bergen-vest", "Vest", 20, ("Askøy", "Øygarden"), ("Bergen Vest",)),
                Group(
                    "midthordland",
                    "Midthordland",
                    17,
                    ("Austevoll", "Bjørnafjorden", "Samnanger"),
                ),
                Group(
                    "nordhordland",
                    "Nordhordland",
                    18,
                    ("Alver", "Austrheim", "Fedje", "Gulen", "Masfjorden", "Osterøy"),
                ),
                Group("voss", "Voss", 14, ("Voss", "Vaksdal", "Kvam")),
            ),
        ),
        Network(
            slug="fysio-og-ergoterapinettverket-helse-bergen",
            nb="Fysio- og ergoterapinettverket i Helse Bergen",
            nn="Fysio- og ergoterapinettverket i Helse Bergen",
            short="Fysio- og ergoterapinettverket",
            professions=THERAPISTS,
            role_nb="ressursterapeut",
            role_nn="ressursterapeut",
            strictness="mandatory",
            description_nb="Fysioterapeuter og ergoterapeuter i kommuner og sykehus.",
            description_nn="Fysioterapeutar og ergoterapeutar i kommunar og sjukehus.",
            groups=(
                Group(
                    "fysio-og-ergoterapi",
                    "Fysio- og ergoterapi",
                    46,
                    ("Bergen", "Alver", "Askøy", "Bjørnafjorden", "Voss", "Øygarden"),
                ),
            ),
        ),
    ),
)

AHUS = Area(
    slug="ahus",
    nb="Akershus universitetssykehus opptaksområde",
    short="Ahus",
    domain="ahus.example",
    networks=(
        Network(
            slug="kompetansenettverket-ahus",
            nb="Kompetansenettverket i Ahus-området",
            nn="Kompetansenettverket i Ahus-området",
            short="Kompetansenettverket",
            professions=NURSES,
            role_nb="ressurssykepleier",
            role_nn="ressurssjukepleiar",
            description_nb="Ressurssykepleiere i kommuner, bydeler og sykehus, i seks områder.",
            description_nn="Ressurssjukepleiarar i kommunar, bydelar og sjukehus, i seks område.",
            groups=(
                Group(
                    "ovre-romerike",
                    "Øvre Romerike",
                    18,
                    ("Hurdal", "Nannestad", "Gjerdrum", "Ullensaker", "Eidsvoll", "Nes"),
                ),
                Group(
                    "nedre-romerike",
                    "Nedre Romerike",
                    20,
                    ("Lillestrøm", "Nittedal", "Lørenskog", "Rælingen", "Aurskog-Høland"),
                ),
                Group(
                    "kongsvinger",
                    "Kongsvinger",
                    15,
                    ("Eidskog", "Grue", "Sør-Odal", "Nord-Odal", "Kongsvinger"),
                    hospital="Kongsvinger sykehus",
                ),
                Group(
                    "follo",
                    "Follo",
                    16,
                    ("Nesodden", "Frogn", "Nordre Follo", "Enebakk", "Ås"),
                ),
                Group(
                    "bydelene",
                    "Bydelene Alna, Stovner og Grorud",
                    12,
                    ("Alna", "Stovner", "Grorud"),
                    nn="Bydelane Alna, Stovner og Grorud",
                ),
                Group(
                    "avdelingene-ahus",
                    "Avdelingene inne på Akershus universitetssykehus",
                    14,
                    (),
                    hospital="Akershus universitetssykehus",
                    nn="Avdelingane inne på Akershus universitetssjukehus",
                ),
            ),
        ),
    ),
)

NORTH = Area(
    slug="",
    nb="",
    short="",
    domain="helse-nord.example",
    networks=(
        Network(
            slug="lindring-i-nord",
            nb="Lindring i nord",
            nn="Lindring i nord",
            short="Lindring i nord",
            sami="Váidudandivššu guvllolaš gealbobálvalus",
            professions=NURSES,
            role_nb="ressurssykepleier",
            role_nn="ressurssjukepleiar",
            description_nb="Regional kompetansetjeneste med nettverk i hele Nord-Norge.",
            description_nn="Regional kompetanseteneste med nettverk i heile Nord-Noreg.",
            groups=(
                Group(
                    "troms-og-finnmark",
                    "Troms og Finnmark",
                    26,
                    ("Tromsø", "Harstad", "Alta", "Hammerfest", "Karasjok", "Kautokeino", "Tana"),
                ),
                Group(
                    "vesteralen-og-lofoten",
                    "Vesterålen og Lofoten",
                    16,
                    ("Hadsel", "Sortland", "Andøy", "Vågan", "Vestvågøy"),
                ),
                Group("helgeland", "Helgeland", 15, ("Rana", "Vefsn", "Alstahaug", "Brønnøy")),
            ),
        ),
    ),
)

REGIONS = (
    Region("helse-vest", "Helse Vest", (BERGEN,)),
    Region("helse-sor-ost", "Helse Sør-Øst", (AHUS,)),
    Region("helse-nord", "Helse Nord", (NORTH,)),
    Region("helse-midt-norge", "Helse Midt-Norge"),
)
