// The shop's pages as markup. What needs a browser (playing, remembering) is added by shop.js to what stands here.

import { genres, justIn, ofGenre, records, word } from './catalog.mjs';
import { html, json } from './html.mjs';
import { block } from './neighbours.mjs';
import { fill, languages, texts } from './texts.mjs';

const upper = (text, lang) => text.charAt(0).toLocaleUpperCase(lang) + text.slice(1);
const prefixed = (lang, path) => (lang === 'en' ? path : `/${lang}${path}`);
const money = (lang, price) => new Intl.NumberFormat(lang, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 }).format(price);
const sleeve = (record) => `/cover/${record.id}.svg`;
const stock = (lang, number) => fill(texts[lang].records, { n: new Intl.NumberFormat(lang).format(number) });

/** What the notice names. `shown` and `told` let fordi see what it has repeated often enough. */
const KEEPS = 'listen like purchase save view declare search shown told';

/** The one tag that brings fordi. */
const tag = (lang, catalog = html` data-catalog="${prefixed(lang, '/catalog.json')}"`) =>
  html`<script src="/dist/fordi${lang === 'en' ? '' : `.${lang}`}.js" data-site="Grooves" data-notice="2026-11" data-keeps="${KEEPS}"${catalog} data-contact="mette@grooves.example" data-policy="${prefixed(lang, '/your-data')}" defer></script>`;

/** What is asked for beside recommendations, and only where it is needed: the city, to list the evenings near it. */
const CITY_DAYS = 30;
const purposes = (lang) => {
  const { title, text, keeps, what } = texts[lang].near.terms;
  const stores = [{ name: 'grooves-city', place: 'local', what, days: CITY_DAYS }];
  return html`<script type="application/json" data-fordi-purposes>${json({ city: { title, text, keeps, days: CITY_DAYS, when: 'ask', stores } })}</script>`;
};

const head = (lang, title, path, about) => html`<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title ? `${title} · Grooves` : 'Grooves'}</title>
<meta name="description" content="${about}">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${languages.map((other) => html`<link rel="alternate" hreflang="${other}" href="${prefixed(other, path)}">`)}
<link rel="stylesheet" href="/shop.css">
${purposes(lang)}
${tag(lang)}
<script src="/shop.js" type="module"></script>`;

const WORDMARK = html`<svg viewBox="0 0 178 44" width="178" height="44" aria-hidden="true"><text x="0" y="36" font-size="38" textLength="46" lengthAdjust="spacingAndGlyphs">Gr</text><circle cx="65" cy="24" r="14.5"/><circle class="label" cx="65" cy="24" r="5.5"/><circle cx="97" cy="24" r="14.5"/><circle class="label" cx="97" cy="24" r="5.5"/><text x="115" y="36" font-size="38" textLength="62" lengthAdjust="spacingAndGlyphs">ves</text></svg>`;

const dataButton = (text) => html`<button type="button" class="link" data-fordi-open="panel">${text.data}</button>`;
/** On every page: taking a yes back takes one press, as giving it did. */
const withdrawButton = (text) => html`<button type="button" class="link" data-fordi-open="withdraw">${text.takeBack}</button>`;

const header = (lang, path) => {
  const text = texts[lang];
  const here = (to) => (to === path ? html` aria-current="page"` : '');
  const links = [
    ['/records', text.nav.records],
    ['/about', text.nav.about],
  ];
  return html`<header class="top">
<a class="wordmark" href="${prefixed(lang, '/')}"${here('/')} aria-label="Grooves, ${text.nav.home}">${WORDMARK}</a>
<nav aria-label="${text.nav.label}"><ul>${links.map(([to, name]) => html`<li><a href="${prefixed(lang, to)}"${here(to)}>${name}</a></li>`)}<li>${dataButton(text)}</li></ul></nav>
<nav aria-label="${text.nav.languages}" class="languages"><ul>${languages.map((other) => html`<li><a href="${prefixed(other, path)}" hreflang="${other}" lang="${other}" aria-label="${texts[other].name}"${other === lang ? html` aria-current="true"` : ''}>${other}</a></li>`)}</ul></nav>
</header>`;
};

const footer = (lang) => {
  const text = texts[lang];
  return html`<footer class="foot">
<p>${text.foot}</p>
<ul><li>${dataButton(text)}</li><li>${withdrawButton(text)}</li><li><button type="button" class="link" data-decided aria-expanded="false">${text.decided}</button></li><li><a href="${prefixed(lang, '/about')}">${text.nav.about}</a></li><li><a href="${prefixed(lang, '/your-data')}">${text.privacy}</a></li></ul>
</footer>`;
};

/** `kind` and `id` tell shop.js which page it is on. */
const layout = ({ lang, path, title, about, kind, id }, main) => html`<!doctype html>
<html lang="${lang}">
<head>
${head(lang, title, path, about ?? texts[lang].hero.title)}
</head>
<body data-page="${kind}"${id ? html` data-record="${id}"` : ''}>
<a class="skip" href="#main">${texts[lang].skip}</a>
<fordi-notice></fordi-notice>
${header(lang, path)}
<main id="main" tabindex="-1">
${main}
</main>
${footer(lang)}
<fordi-panel></fordi-panel>
</body>
</html>
`;

const card = (lang, level) => (record) =>
  html`<li class="card">
<a href="${prefixed(lang, `/record/${record.id}`)}"><img src="${sleeve(record)}" alt="" width="300" height="300" loading="lazy">
${level === 3 ? html`<h3>${record.title}</h3>` : html`<h2>${record.title}</h2>`}<p>${record.by}</p></a>
<p class="price">${money(lang, record.price)}</p>
</li>`;

const grid = (lang, list, level = 3) => html`<ul class="grid">${list.map(card(lang, level))}</ul>`;

const guide = (lang, home) => {
  const text = texts[lang].guide;
  const steps = [
    ['play', html`<a href="${home ? '#just-in' : prefixed(lang, '/#just-in')}">${text.play}</a>`],
    ['back', home ? text.back : html`<a href="${prefixed(lang, '/')}">${text.back}</a>`],
    ['why', home ? html`<a href="#for-you">${text.why}</a>` : text.why],
    ['end', html`<button type="button" class="link" data-fordi-open="panel">${text.end}</button>`],
  ];
  const says = ['unset', 'refused', 'granted', 'withdrawn', 'expired'].map((state) => html` data-${state}="${text[state]}"`);
  return html`<section class="guide" aria-labelledby="guide-title" data-guide data-done="${text.done}"${says}>
<h2 id="guide-title">${text.title}</h2>
<ol>${steps.map(([step, label]) => html`<li data-step="${step}"><span class="tick" aria-hidden="true"></span>${label}<span class="state"></span></li>`)}</ol>
<p data-says>${text.unset}</p>
</section>`;
};

const played = (lang) => {
  const text = texts[lang].played;
  const says = ['none', 'refused', 'withdrawn', 'empty', 'forget', 'forgetLabel', 'forgotten', 'note'].map(
    (name) => html` data-${name === 'forgetLabel' ? 'forget-label' : name}="${text[name]}"`,
  );
  return html`<section class="played" aria-labelledby="played-title" data-played${says}>
<h2 id="played-title">${text.title}</h2>
<p data-says>${text.absent}</p>
<ol></ol>
<p class="visually-hidden" role="status"></p>
</section>`;
};

/** Made-up evenings in made-up halls: three genres per city, from Friday to Sunday. */
const CITIES = ['Aarhus', 'Bremen', 'Gent', 'Malmö', 'Odense', 'Utrecht'];
const evenings = (lang, place) => {
  const weekday = new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone: 'UTC' });
  return [0, 1, 2].map((day) => {
    const slug = genres[(CITIES.indexOf(place) * 3 + day) % genres.length];
    const name = upper(weekday.format(Date.UTC(2026, 0, 2 + day)), lang); // 2 January 2026 is a Friday
    return html`<li><b>${name}</b> <a href="${prefixed(lang, `/genre/${slug}`)}">${fill(texts[lang].near.evening, { x: word('genres', slug, lang) })}</a></li>`;
  });
};
const near = (lang) => {
  const text = texts[lang].near;
  return html`<section class="near" aria-labelledby="near-title" data-near data-days="${CITY_DAYS}" data-kept="${fill(text.kept, { n: CITY_DAYS })}" data-gone="${text.gone}" hidden>
<h2 id="near-title">${text.title}</h2>
<p class="note">${text.note}</p>
<label for="city">${text.label}</label>
<select id="city" autocomplete="off"><option value="">${text.choose}</option>${CITIES.map((place) => html`<option>${place}</option>`)}</select>
${CITIES.map((place) => html`<ul data-city="${place}" hidden>${evenings(lang, place)}</ul>`)}
<p class="act"><button type="button" class="button quiet" data-fordi-ask="city" data-fordi-reason="${text.reason}" hidden>${text.remember}</button><button type="button" class="link" data-forget hidden>${text.forget}</button> <span role="status"></span></p>
<fordi-ask purpose="city"></fordi-ask>
</section>`;
};

const genreTile = (lang) => (genre) => {
  const list = ofGenre(genre);
  return html`<li><a href="${prefixed(lang, `/genre/${genre}`)}"><span class="fan" aria-hidden="true">${list.slice(2, 5).map((record) => html`<img src="${sleeve(record)}" alt="" width="120" height="120" loading="lazy">`)}</span>
<span class="name">${upper(word('genres', genre, lang), lang)}</span> <span class="count">${stock(lang, list.length)}</span></a></li>`;
};

/** Where a greeting says why it is there, and answers when asked. */
const because = (lang) =>
  html`<p class="because"><span data-fordi-because hidden></span> <button type="button" class="link" data-fordi-why hidden>${texts[lang].hero.why}</button></p>`;

/** One greeting: words, a way on, three sleeves; what is not for everybody also has its reason. */
const greeting = (lang, { title, lead, go }, to, count, ids, why = because(lang)) => html`<div class="hero">
<div><h1>${title}</h1>
<p class="lead">${fill(lead, { n: count })}</p>
<p class="go"><a class="button" href="${to}">${go}</a> <a href="${prefixed(lang, '/about')}">${texts[lang].hero.how}</a></p>
${why}</div>
<div class="window" aria-hidden="true">${ids.map((id) => html`<img src="${sleeve({ id })}" alt="" width="420" height="420">`)}</div>
</div>`;

/** The sleeves that stand for a genre. */
const WINDOWS = {
  jazz: ['kind-of-blue', 'blue-train', 'time-out'],
  folk: ofGenre('folk').slice(0, 3),
  electronic: ofGenre('electronic').slice(0, 3),
};

/**
 * The greeting is chosen by fordi, under the law of a shelf. What stands for everybody is there from the first paint on; the
 * others wait in templates. First the one for those who come back: without a taste of their own, order decides.
 */
const heroes = (lang) => {
  const { hero } = texts[lang];
  const inGenre = (genre) =>
    html`<template data-fordi-variant="${genre}" data-topics="${word('genres', genre, lang)}">${greeting(
      lang,
      hero[genre],
      prefixed(lang, `/genre/${genre}`),
      ofGenre(genre).length,
      WINDOWS[genre].map((one) => one.id ?? one),
    )}</template>`;
  return html`<section class="heroes" data-fordi-slot="hero">
<template data-fordi-variant="returning" data-for="returning">${greeting(lang, hero.returning, '#for-you', 0, ['a-love-supreme', 'discovery', 'zombie'])}</template>
<div data-fordi-variant="plain">${greeting(lang, hero, '#just-in', records.length, ['kind-of-blue', 'discovery', 'zombie'], '')}</div>
${['jazz', 'folk', 'electronic'].map(inGenre)}
</section>`;
};

export const home = (lang) => {
  const text = texts[lang];
  return layout(
    { lang, path: '/', kind: 'home' },
    html`${guide(lang, true)}
${heroes(lang)}
<div id="for-you" class="for-you" tabindex="-1"><fordi-shelf slot-name="home" rows="3" size="6"></fordi-shelf></div>
<section aria-labelledby="just-in"><h2 id="just-in" tabindex="-1">${text.justIn}</h2>
${grid(lang, justIn(12))}</section>
<section aria-labelledby="genres"><h2 id="genres">${text.genres}</h2>
<ul class="genres">${genres.map(genreTile(lang))}</ul></section>
${near(lang)}
${played(lang)}`,
  );
};

export const genre = (lang, slug) => {
  const [text, list, name] = [texts[lang], ofGenre(slug), word('genres', slug, lang)];
  const said = ['kept', 'gone', 'not'].map((state) => html` data-${state}="${text.declare[state]}"`);
  return layout(
    { lang, path: `/genre/${slug}`, title: upper(name, lang), kind: 'genre' },
    html`<div class="heading">
<div><h1>${upper(name, lang)}</h1><p>${stock(lang, list.length)}</p></div>
<div class="act" data-declare="${name}"${said}><button type="button" aria-pressed="false" class="button quiet"><span class="off">${fill(text.declare.off, { x: name })}</span><span class="on">${fill(text.declare.on, { x: name })}</span></button> <p role="status"></p></div>
</div>
${grid(lang, list, 2)}`,
  );
};

const act = (lang, record) => (verb) => {
  const text = texts[lang].acts;
  return html`<button type="button" class="button${verb === 'purchase' ? '' : ' quiet'}" aria-pressed="false" data-act="${verb}" data-fordi-item="${record.id}" data-fordi-verb="${verb}" data-kept="${text.kept[verb]}" data-gone="${text.gone[verb]}" data-not="${text.not[verb]}"><span class="off">${text[verb]}</span><span class="on">${text[`${verb}On`]}</span></button>`;
};

const player = (lang, record) => {
  const text = texts[lang].player;
  const said = [record.genre, ...record.moods, ...record.instruments];
  const groups = ['genres', ...record.moods.map(() => 'moods'), ...record.instruments.map(() => 'instruments')];
  const words = new Intl.ListFormat(lang).format(said.map((slug, index) => word(groups[index], slug, lang)));
  return html`<section class="player" aria-labelledby="listen" data-player data-genre="${record.genre}" data-moods="${record.moods.join(' ')}" data-instruments="${record.instruments.join(' ')}" data-play="${text.play}" data-pause="${text.pause}" data-pressing="${text.pressing}" data-broken="${text.broken}" data-time="${text.time}">
<h2 id="listen" class="visually-hidden">${text.label}</h2>
<audio data-fordi-item="${record.id}" data-fordi-verb="listen" preload="none"></audio>
<button type="button" class="play" aria-describedby="tune-note" hidden><svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path class="to-play" d="M7 4v16l13-8z"/><path class="to-pause" d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg><span>${text.play}</span></button>
<input type="range" min="0" max="100" step="0.1" value="0" aria-label="${text.position}" disabled hidden>
<output class="time" aria-hidden="true" hidden>0:00</output>
<p id="tune-note" class="note">${fill(text.note, { words })}</p>
<p role="status" class="note"></p>
<noscript><p class="note">${text.none}</p></noscript>
</section>`;
};

export const record = (lang, item) => {
  const text = texts[lang];
  const say = (group, list) => new Intl.ListFormat(lang, { type: 'unit' }).format(list.map((slug) => word(group, slug, lang)));
  const name = word('genres', item.genre, lang);
  const facts = [
    [text.year, item.year],
    [text.genre, html`<a href="${prefixed(lang, `/genre/${item.genre}`)}">${name}</a>`],
    [text.moods, say('moods', item.moods)],
    [text.instruments, say('instruments', item.instruments)],
    [text.price, money(lang, item.price)],
  ];
  const rack = ofGenre(item.genre);
  const at = rack.indexOf(item);
  const near = [1, 2, 3, 4, 5, 6].map((step) => rack[(at + step) % rack.length]);
  return layout(
    { lang, path: `/record/${item.id}`, title: `${item.title}, ${item.by}`, kind: 'record', id: item.id },
    html`${guide(lang, false)}
<article class="record">
<div class="turn"><span class="disc" aria-hidden="true"></span><img src="${sleeve(item)}" alt="${fill(text.cover, { title: item.title, by: item.by })}" width="600" height="600"></div>
<div class="tell"><h1>${item.title}</h1><p class="by">${item.by}</p>
${player(lang, item)}
<div class="act" data-acts>${['purchase', 'save', 'like'].map(act(lang, item))}<p role="status"></p></div>
<dl>${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl></div>
</article>
<div class="for-you"><fordi-shelf slot-name="record" rows="2" size="6" context="${item.id}"></fordi-shelf></div>
<section aria-labelledby="near"><h2 id="near">${fill(text.moreOf, { x: name })}</h2>
${grid(lang, near)}</section>`,
  );
};

/** What the finder looks through, in the page's language. */
const findable = (lang, record) =>
  [
    record.title,
    record.by,
    record.year,
    word('genres', record.genre, lang),
    ...record.moods.map((slug) => word('moods', slug, lang)),
    ...record.instruments.map((slug) => word('instruments', slug, lang)),
  ].join(' ');

export const all = (lang) => {
  const text = texts[lang].search;
  const sorted = records.toSorted((a, b) => a.by.localeCompare(b.by, lang) || a.year - b.year);
  const topics = genres.map((slug) => word('genres', slug, lang)).join('|');
  return layout(
    { lang, path: '/records', title: text.title, kind: 'records' },
    html`<h1>${text.title}</h1>
<form class="find" role="search" data-find data-found="${text.found}" data-none="${text.none}" data-topics="${topics}" hidden><label for="find">${text.label}</label>
<input id="find" type="search" autocomplete="off" aria-describedby="find-hint"><p id="find-hint" class="note">${text.hint}</p>
<p role="status">${stock(lang, records.length)}</p></form>
<ol class="rows">${sorted.map((item) => html`<li data-words="${findable(lang, item)}" data-id="${item.id}"><a href="${prefixed(lang, `/record/${item.id}`)}"><span class="by">${item.by}</span> <span class="title">${item.title}</span></a> <span class="year">${item.year}</span></li>`)}</ol>`,
  );
};

/** The bare pages are named in the text; here they become links. */
const linked = (sentence) =>
  sentence.split(/(\/minimal|\/module|\/carried)/).map((part) => (part.startsWith('/') ? html`<a href="${part}">${part}</a>` : part));

const prose = (lang, path, text) =>
  layout(
    { lang, path, title: text.title, kind: 'prose' },
    html`<article class="prose"><h1>${text.title}</h1><p class="lead">${text.lead}</p>
${text.parts.map(([title, lines]) => html`<h2>${title}</h2>${lines.length > 1 ? html`<ul>${lines.map((sentence) => html`<li>${linked(sentence)}</li>`)}</ul>` : html`<p>${lines[0]}</p>`}`)}
</article>`,
  );

export const about = (lang) => prose(lang, '/about', texts[lang].about);
export const notice = (lang) => prose(lang, '/your-data', texts[lang].notice);

export const missing = (lang) => {
  const text = texts[lang].missing;
  return layout(
    { lang, path: '/', title: text.title, kind: 'missing' },
    html`<article class="prose"><h1>${text.title}</h1><p class="lead">${text.lead}</p><p><a class="button" href="${prefixed(lang, '/')}">${text.back}</a></p></article>`,
  );
};

/** A bare page and nothing of the shop. */
const bare = (title, script, main) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${script}
</head>
<body>
<fordi-notice></fordi-notice>
<main>
<h1>${title}</h1>
${main}
<p>${dataButton(texts.en)} ${withdrawButton(texts.en)}</p>
</main>
<fordi-panel></fordi-panel>
</body>
</html>
`;

const SHELF = html`<fordi-shelf slot-name="home" rows="2" size="6"></fordi-shelf>`;
const press = (record, verb, name) => html`<button type="button" data-fordi-item="${record.id}" data-fordi-verb="${verb}">${name}</button>`;
const twelve = (line) => html`${SHELF}
<ul>${justIn(12).map((record) => html`<li>${line(record)}</li>\n`)}</ul>`;
const liked = (record) => html`<a href="/record/${record.id}">${record.title}</a>, ${record.by} ${press(record, 'like', 'Like')}`;

export const minimal = () => bare('Twelve records, one script tag', tag('en'), twelve(liked));
export const module = () => bare('Twelve records, one npm module', html`<script src="/module.js" type="module"></script>`, twelve(liked));

/** No catalog anywhere: what is known of records came with the pages that were looked at, and lies on the device. */
export const carried = () =>
  bare(
    'Neighbours that travel with the page',
    tag('en', ''),
    twelve((record) => html`<a href="/carried/${record.id}">${record.title}</a>, ${record.by}`),
  );

export const carriedRecord = (record) =>
  bare(
    record.title,
    tag('en', ''),
    html`<p>${record.by}. <a href="/carried">All</a></p>
<p>${press(record, 'listen', 'Listen')} ${press(record, 'like', 'Like')}</p>
<script type="application/json" data-fordi-items>${block(record.id)}</script>
<fordi-shelf slot-name="record" rows="1" size="6" context="${record.id}"></fordi-shelf>`,
  );
