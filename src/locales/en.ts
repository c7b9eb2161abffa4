import type { Reasons } from '../types.js';

export const lang = 'en';
export const dir: 'ltr' | 'rtl' = 'ltr';

export const reasons: Reasons = {
  because: 'Because {x}',
  verbs: {
    view: ['you looked at {x}', 'you looked at {x}', 'you looked at a lot of {x}'],
    dwell: ['you took your time with {x}', 'you took your time with {x}', 'you often take your time with {x}'],
    search: ['you searched for {x}', 'you searched for {x}', 'you often search for {x}'],
    play: ['you played {x}', 'you played {x}', 'you play a lot of {x}'],
    listen: ['you listened to {x}', 'you listened to {x}', 'you listen to a lot of {x}'],
    watch: ['you watched {x}', 'you watched {x}', 'you watch a lot of {x}'],
    read: ['you read {x}', 'you read about {x}', 'you read a lot about {x}'],
    save: ['you saved {x}', 'you saved {x}', 'you saved a lot of {x}'],
    cart: ['you put {x} in your basket', 'you put {x} in your basket', 'you put a lot of {x} in your basket'],
    purchase: ['you bought {x}', 'you bought {x}', 'you buy a lot of {x}'],
    book: ['you booked {x}', 'you booked {x}', 'you book a lot of {x}'],
    subscribe: ['you subscribe to {x}', 'you subscribe to {x}', 'you subscribe to a lot of {x}'],
    like: ['you like {x}', 'you like {x}', 'you like a lot of {x}'],
    rate: ['you rated {x}', 'you rated {x}', 'you rated a lot of {x}'],
    declare: ['you told us you like {x}', 'you told us you like {x}', 'you told us you like a lot of {x}'],
  },
  looking: 'you are looking at {x}',
  page: 'Similar to {x}',
  shop: { popular: 'Popular here this week', new: 'New here', picked: 'Picked by {x}' },
};

/** Texts of the notice, shelf and panel. {x}: a title, topic, name, number or date, as the text says. */
export const ui = {
  // The notice.
  ask: 'May {x} remember what you do here?',
  purpose: 'Only to recommend things to you and say why. This is kept, with its date:',
  days: 'It stays in this browser for {x} days, your choice for 182. Nothing is sent to anyone. Under “Your data” you can see it, delete it and take your yes back at any time.',
  visit: 'This browser keeps nothing after this visit.',
  more: 'More about your data',
  yes: 'Yes, remember',
  no: 'No, do not',

  // What happened: a line in the notice, in the panel and under a recommendation.
  view: 'Looked at {x}',
  dwell: 'Took your time with {x}',
  search: 'Searched for {x}',
  play: 'Played {x}',
  listen: 'Listened to {x}',
  watch: 'Watched {x}',
  read: 'Read {x}',
  save: 'Saved {x}',
  cart: 'Put {x} in your basket',
  purchase: 'Bought {x}',
  book: 'Booked {x}',
  subscribe: 'Subscribed to {x}',
  like: 'Liked {x}',
  rate: 'Rated {x}',
  declare: 'Told us about {x}',
  dismiss: 'Said {x} is not for you',
  'too-personal': 'Said {x} is too personal',

  // How the site came to know.
  declared: 'You told us',
  transactional: 'You bought it here',
  engaged: 'You did it here',
  passive: 'We saw it here',
  inferred: 'We concluded it',
  acquired: 'It came from elsewhere',

  // The shelf, and the answer to "Why this?".
  shelf: 'You might like',
  why: 'Why this?',
  hidden: 'What took part:',
  nothing: 'Nothing about you was used.',
  explicit: 'Used, may be named',
  implicit: 'Used, not named',
  none: 'Not used',
  dislike: 'Not for me',
  personal: 'Too personal',
  changed: 'Updated',

  // Why a line is not named, or not used.
  public: 'others may see this screen',
  audience: 'this site is careful',
  voice: 'your setting',
  notice: 'older notice',
  before: 'before you said yes',
  paused: 'not now',
  until: 'it is over',
  muted: 'you said it is too personal',
  old: 'long ago',
  sensitivity: 'it is personal',
  provenance: 'you did not tell us',
  rule: 'a rule of this site',

  // The panel.
  panel: 'Your data on {x}',
  close: 'Close',
  unset: 'You have not chosen. Nothing is kept.',
  granted: 'You said yes.',
  refused: 'You said no. Nothing is kept.',
  withdrawn: 'You took your yes back. Nothing is kept.',
  expired: 'Your yes has run out. Nothing is kept.',
  gpc: 'Global Privacy Control detected and honoured.',
  erasing: 'Erasing…',
  dial: 'What may we do with it?',
  explained: 'Use it, say why',
  quiet: 'Use it, say nothing',
  off: 'Do not use it',
  empty: 'Nothing yet.',
  all: 'Show all',
  delete: 'Delete',
  clear: 'Delete all',
  sure: 'Really delete all?',
  download: 'Download',
  withdraw: 'Take your yes back and erase all',
  erased: 'Erased and checked: nothing is left.',
  failed: 'That did not work.',
};
