import type { Reasons, Texts } from '../types.js';

export const lang = 'nl';
export const dir: 'ltr' | 'rtl' = 'ltr';

/** After "Omdat" the verb goes to the end. */
export const reasons: Reasons = {
  because: 'Omdat {x}',
  verbs: {
    view: ['je {x} bekeek', 'je {x} bekeek', 'je veel {x} bekeek'],
    dwell: ['je de tijd nam voor {x}', 'je de tijd nam voor {x}', 'je vaak de tijd neemt voor {x}'],
    search: ['je zocht naar {x}', 'je zocht naar {x}', 'je vaak zoekt naar {x}'],
    play: ['je {x} afspeelde', 'je {x} afspeelde', 'je veel {x} afspeelt'],
    listen: ['je luisterde naar {x}', 'je luisterde naar {x}', 'je veel naar {x} luistert'],
    watch: ['je keek naar {x}', 'je keek naar {x}', 'je veel naar {x} kijkt'],
    read: ['je {x} las', 'je over {x} las', 'je veel over {x} leest'],
    save: ['je {x} bewaarde', 'je {x} bewaarde', 'je veel {x} bewaarde'],
    cart: ['je {x} in je mandje legde', 'je {x} in je mandje legde', 'je veel {x} in je mandje legde'],
    purchase: ['je {x} kocht', 'je {x} kocht', 'je veel {x} koopt'],
    book: ['je {x} boekte', 'je {x} boekte', 'je veel {x} boekt'],
    subscribe: ['je geabonneerd bent op {x}', 'je geabonneerd bent op {x}', 'je geabonneerd bent op veel {x}'],
    like: ['je {x} leuk vindt', 'je {x} leuk vindt', 'je veel {x} leuk vindt'],
    rate: ['je {x} beoordeelde', 'je {x} beoordeelde', 'je veel {x} beoordeelde'],
    declare: ['je ons vertelde dat je van {x} houdt', 'je ons vertelde dat je van {x} houdt', 'je ons vertelde dat je van veel {x} houdt'],
  },
  looking: 'je {x} bekijkt',
  page: 'Lijkt op {x}',
  shop: { popular: 'Populair hier deze week', new: 'Nieuw hier', picked: 'Gekozen door {x}' },
};

export const ui: Texts = {
  // The notice.
  ask: 'Mag {x} onthouden wat je hier doet?',
  purpose: 'Alleen om je iets aan te bevelen en te zeggen waarom. Dit wordt bewaard, met de datum:',
  days: 'Het blijft {x} dagen in deze browser, je keuze 182 dagen. Er wordt niets verstuurd. Onder “Je gegevens” kun je het bekijken, verwijderen en je ja op elk moment intrekken.',
  visit: 'Deze browser bewaart niets na dit bezoek.',
  more: 'Meer over je gegevens',
  yes: 'Ja, onthoud het',
  no: 'Nee, liever niet',

  // What happened: a line in the notice, in the panel and under a recommendation.
  view: '{x} bekeken',
  dwell: 'De tijd genomen voor {x}',
  search: 'Gezocht naar {x}',
  play: '{x} afgespeeld',
  listen: 'Geluisterd naar {x}',
  watch: 'Gekeken naar {x}',
  read: '{x} gelezen',
  save: '{x} bewaard',
  cart: '{x} in je mandje gelegd',
  purchase: '{x} gekocht',
  book: '{x} geboekt',
  subscribe: 'Geabonneerd op {x}',
  like: '{x} leuk gevonden',
  rate: '{x} beoordeeld',
  declare: 'Ons verteld over {x}',
  dismiss: 'Gezegd dat {x} niets voor jou is',
  'too-personal': 'Gezegd dat {x} te persoonlijk is',

  // How the site came to know.
  declared: 'Je hebt het ons verteld',
  transactional: 'Je hebt het hier gekocht',
  engaged: 'Je hebt het hier gedaan',
  passive: 'We zagen het hier',
  inferred: 'We hebben het afgeleid',
  acquired: 'Het komt van elders',

  // The shelf, and the answer to "Why this?".
  shelf: 'Misschien iets voor jou',
  why: 'Waarom dit?',
  hidden: 'Wat meespeelde:',
  nothing: 'Er is niets over jou gebruikt.',
  explicit: 'Gebruikt, mag genoemd worden',
  implicit: 'Gebruikt, niet genoemd',
  none: 'Niet gebruikt',
  dislike: 'Niets voor mij',
  personal: 'Te persoonlijk',
  changed: 'Bijgewerkt',

  // Why a line is not named, or not used.
  public: 'anderen kunnen dit scherm zien',
  audience: 'deze site is voorzichtig',
  voice: 'jouw instelling',
  notice: 'van vóór de huidige melding',
  before: 'van vóór je ja',
  paused: 'niet nu',
  until: 'het is voorbij',
  muted: 'je zei dat het te persoonlijk is',
  old: 'lang geleden',
  sensitivity: 'het is persoonlijk',
  provenance: 'je hebt het ons niet verteld',
  rule: 'een regel van deze site',

  // The panel.
  panel: 'Je gegevens bij {x}',
  close: 'Sluiten',
  unset: 'Je hebt nog niet gekozen. Er wordt niets bewaard.',
  granted: 'Je hebt ja gezegd.',
  refused: 'Je hebt nee gezegd. Er wordt niets bewaard.',
  withdrawn: 'Je hebt je ja ingetrokken. Er wordt niets bewaard.',
  expired: 'Je ja is verlopen. Er wordt niets bewaard.',
  gpc: 'Global Privacy Control herkend en gerespecteerd.',
  erasing: 'Wissen …',
  dial: 'Wat mogen we ermee doen?',
  explained: 'Gebruiken en zeggen waarom',
  quiet: 'Gebruiken zonder het te zeggen',
  off: 'Niet gebruiken',
  empty: 'Nog niets.',
  all: 'Alles tonen',
  delete: 'Verwijderen',
  clear: 'Alles verwijderen',
  sure: 'Echt alles verwijderen?',
  download: 'Downloaden',
  withdraw: 'Je ja intrekken en alles wissen',
  erased: 'Gewist en gecontroleerd: er is niets meer over.',
  failed: 'Dat is niet gelukt.',
};
