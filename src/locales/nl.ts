import type { Reasons, Texts } from '../types.js';

export const lang = 'nl';
export const dir: 'ltr' | 'rtl' = 'ltr';

export const reasons: Reasons = {
  because: 'Fordi {x}',
  verbs: {
    view: ['du så på {x}', 'du har set på meget {x}'],
    dwell: ['du tog dig god tid til {x}', 'du tog dig god tid til {x}'],
    search: ['du søgte efter {x}', 'du søgte efter {x}'],
    play: ['du spillede {x}', 'du spiller meget {x}'],
    listen: ['du lyttede til {x}', 'du lytter til meget {x}'],
    watch: ['du så {x}', 'du ser meget {x}'],
    read: ['du læste {x}', 'du læser meget om {x}'],
    save: ['du gemte {x}', 'du har gemt meget {x}'],
    cart: ['du lagde {x} i kurven', 'du lagde {x} i kurven'],
    purchase: ['du købte {x}', 'du køber {x}'],
    book: ['du bestilte {x}', 'du bestiller {x}'],
    subscribe: ['du abonnerer på {x}', 'du abonnerer på {x}'],
    like: ['du kan lide {x}', 'du kan lide {x}'],
    rate: ['du bedømte {x}', 'du bedømte {x}'],
    declare: ['du har fortalt os, at du kan lide {x}', 'du har fortalt os, at du kan lide {x}'],
  },
  looking: 'du ser på {x}',
  page: 'Ligner {x}',
  shop: { popular: 'Populært her i denne uge', new: 'Nyt her', picked: 'Udvalgt af {x}' },
};
