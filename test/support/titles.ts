import type { Sensitivity } from 'fordi';

// Titles and paths as sites have them, each with how personal it is to have looked at it (standards.md §9). Written before the
// roots they are held against were extended. A line that begins with a slash is a path.

const split = (lines: string): string[] =>
  lines
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** What GDPR Art. 9 protects, by language. */
const SPECIAL: Readonly<Record<string, string[]>> = {
  en: split(`
    Living with diabetes: a beginner's guide
    Blood pressure monitors
    /health/asthma/inhalers
    The best migraine remedies
    Cancer support groups near you
    HIV self-test kit
    /pharmacy/antibiotics
    Wheelchairs and mobility aids
    Quit smoking in thirty days
    How to lose weight after surgery
    Coping with depression at work
    Anxiety workbook for teenagers
    Anorexia: what parents should know
    Alcoholics Anonymous meetings
    /rehab/opioid-addiction
    Pregnancy tests, pack of five
    Your baby register
    Struggling with infertility
    Abortion: your rights
    Menopause and sleep
    /shop/contraception/condoms
    Miscarriage: finding words
    Gay bars in Copenhagen
    Lesbian romance novels
    Erotic stories for couples
    Sexual health clinic
    Coming out to your parents
    Transgender hormone therapy
    DNA ancestry test
    Facial recognition enrolment
    /immigration/asylum-applications
    Daily Bible readings
    Halal butchers
    Prayer times in London
    Mosque opening hours
    Atheism explained
    Kosher recipes for Passover
    Join the Labour Party
    Vote Green this spring
    /politics/elections
    Trade union membership form
    Why I went on strike: a union organiser's story
  `),
  da: split(`
    Lev godt med sukkersyge
    Brystkræft: symptomer og behandling
    /sundhed/astma
    Medicin mod migræne
    Høreapparater til ældre
    Hjælp til rygestop
    Vægttab efter graviditet
    Depression hos unge
    Angst og panikanfald
    Spiseforstyrrelser: find hjælp
    Kom ud af dit misbrug
    Graviditetstest
    /gravid/uge-12
    Fertilitetsklinik i Aarhus
    Provokeret abort
    Prævention og p-piller
    Overgangsalderen og søvn
    Homoseksuelle par
    Erotiske noveller
    Bøsse og stolt
    Kønsskifte: min historie
    Slægtstest med DNA
    Asyl og opholdstilladelse
    Kirkens gudstjenester
    Muslimske bønnetider
    Bibelen på nudansk
    Meld dig ind i Socialdemokratiet
    /politik/folketingsvalg
    Bliv medlem af fagforeningen
    Handicaphjælpemidler
  `),
  nl: split(`
    Leven met suikerziekte
    Borstkanker: wat nu?
    /gezondheid/hoge-bloeddruk
    Medicijnen tegen hooikoorts
    Stoppen met roken
    Afvallen na je bevalling
    Depressie bij jongeren
    Angststoornis: wat helpt
    Psycholoog in de buurt
    Verslavingszorg
    Zwangerschapstest
    /zwanger/week-12
    Onvruchtbaarheid en ivf
    Abortuskliniek
    Anticonceptie en de pil
    De overgang en slapen
    Homoseksueel en gelovig
    Erotische verhalen
    Seksuele gezondheid
    Transgenderzorg
    Stamboom met DNA-test
    Asielaanvraag en verblijfsvergunning
    Kerkdiensten op zondag
    Moskee in Rotterdam
    De Koran in vertaling
    Word lid van GroenLinks
    /politiek/tweede-kamerverkiezingen
    Vakbond voor de zorg
    Hulpmiddelen bij een handicap
    Rolstoelen huren
  `),
  de: split(`
    Leben mit Diabetes
    Brustkrebs erkennen
    /gesundheit/bluthochdruck
    Rezeptfreie Medikamente
    Mittel gegen Heuschnupfen
    Rauchen aufhören
    Abnehmen in den Wechseljahren
    Depressionen verstehen
    Angststörung und Panik
    Essstörungen bei Jugendlichen
    Psychotherapie finden
    Wege aus der Sucht
    Schwangerschaftstest
    /schwangerschaft/woche-12
    Kinderwunschklinik
    Schwangerschaftsabbruch
    Verhütung ohne Hormone
    Schwule Liebesgeschichten
    Lesbisch leben
    Erotikfilme
    Sexuelle Gesundheit
    Transidentität bei Kindern
    Abstammung: Gentest für zu Hause
    Asylantrag stellen
    Gottesdienste in Köln
    Gebetszeiten und Moscheen
    Die Bibel in leichter Sprache
    Mitglied der SPD werden
    /politik/bundestagswahl
    Gewerkschaft für Pflegekräfte
    Schwerbehinderung: Ihre Rechte
    Rollstühle und Gehhilfen
  `),
};

/** Too personal to be spoken of unprompted. */
const GUARDED = split(`
  Divorce lawyers in Dublin
  Getting over grief
  Funeral planning
  Debt consolidation loans
  Payday loans
  Lost your job? Start here
  Unemployment benefits
  Online casino bonuses
  Whisky of the month
  Hunting knives and weapons
  Domestic abuse helpline
  Child custody explained
  Skilsmisse og børn
  Begravelse og sorg
  Gæld og afdrag
  Arbejdsløs: hvad nu?
  Spillekasino
  Scheiden met kinderen
  Uitvaart regelen
  Schulden aflossen
  Werkloos: wat nu?
  Gokken op voetbal
  Scheidung einreichen
  Beerdigung planen
  Schuldenberatung
  Arbeitslos melden
  Glücksspiel und Wetten
`);

/** Nothing of the kind, and some that sound like it. */
const ORDINARY = split(`
  Kind of Blue
  Sick Beats, Vol. 2
  Pregnant Pause: a novel
  Love Is the Drug
  The Cure: Disintegration
  Doctor Who, series 12
  Doctor Sax
  Prozac Nation
  Black Sabbath
  Nirvana: Nevermind
  Like a Prayer
  Losing My Religion
  Gospel Plow
  The Party Is Over
  Green wellies
  Labour of Love
  Union Station
  Strike-anywhere matches
  Sussex walking trails
  Essex Serpent
  Middlesex
  Genesis: Selling England by the Pound
  General Electric kettle
  Generation games
  Gene Clark: No Other
  Medieval history
  Mediterranean recipes
  Media centre furniture
  Meditation music
  Psychedelic rock
  Psycho Killer
  Abominable snowman
  Aboriginal art
  Additional cables
  Diablo IV
  Dial M for Murder
  Cancel anytime
  Candles
  Capricorn One
  Hive: honey from Kent
  Archive boxes
  Fertile soil for tomatoes
  Polite conversation
  Police: Synchronicity
  Depreciation tables
  Depot shelves
  Relic hunters
  Reliable batteries
  Gardening gloves
  /shop/records/jazz
  /films/thrillers
  /sale/winter-coats
  /books/cooking
  Moomins
  Trainers, size 42
  Bluetooth headphones
  Rain jackets
  A history of trains
  Chess for beginners
  Sourdough at home
  Syng med Kim Larsen
  Havemøbler
  Cykelhjelme til voksne
  Vinterjakker
  Kaffe fra Colombia
  /musik/dansk-rock
  Gravhunde og andre hunde
  Politiken Bøger
  Kirkegaard: Enten-Eller
  Genbrugsguld
  Sygt god jazz
  Medister med rødkål
  Rejser til Italien
  Strikkeopskrifter
  Fiets en fietstassen
  Tuinmeubelen
  Hardlopen voor beginners
  /muziek/jazz
  Zwart-wit fotografie
  Ziekelijk goede grappen
  Kerkuilen in Nederland
  Medelijden: een roman
  Politieserie op dvd
  Koffie uit Brazilië
  Wandelen in de Ardennen
  Gartenmöbel
  Fahrradhelme
  /musik/jazz
  Krankenwagen-Modellauto
  Kirschmarmelade
  Politur für Möbel
  Medienschränke
  Suchmaschinen verstehen
  Gebetsroither: ein Campingführer
  Kaffee aus Peru
  Wandern in den Alpen
  Schwanensee
  Gesundbrunnen: ein Stadtteil
`);

export interface Labelled {
  readonly text: string;
  readonly is: Sensitivity;
  readonly lang?: string;
}

export const TITLES: readonly Labelled[] = [
  ...Object.entries(SPECIAL).flatMap(([lang, texts]) => texts.map((text) => ({ text, is: 'special', lang }) as const)),
  ...GUARDED.map((text) => ({ text, is: 'guarded' }) as const),
  ...ORDINARY.map((text) => ({ text, is: 'ordinary' }) as const),
];
