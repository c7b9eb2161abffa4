import type { Contribution, Fordi, Pick, Request, State, Trace } from './types.js';

interface Options {
  /** The slot whose list is shown. Default `default`. */
  readonly slot?: string;
  /** Id of the item the page is about. */
  readonly context?: string;
  /** Start unfolded. Default true. */
  readonly open?: boolean;
}

type Child = Node | string;

const css = `
:host{all:initial!important;position:fixed!important;inset:auto 0 0 auto!important;z-index:2147483646!important;display:block!important;width:min(100%,46rem)!important;color-scheme:light dark!important;font:14px/1.45 system-ui,sans-serif!important;color:CanvasText!important}
*{box-sizing:border-box;margin:0;padding:0;font:inherit;color:inherit}
aside{background:Canvas;border:1px solid #8888;border-radius:6px 6px 0 0;box-shadow:0 0 2rem #0005}
header{display:flex;align-items:center;justify-content:space-between;gap:1rem;padding:.4rem .4rem .4rem 1rem}
h2,h3,th{font-weight:700;text-align:start}
h3{margin-block:1.1rem .4rem}
.body{max-height:min(62vh,40rem);overflow:auto;padding:0 1rem 1rem}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}
th,td{padding:.3rem .8rem .3rem 0;border-block-start:1px solid #8884;vertical-align:baseline}
td.number{text-align:end;font-variant-numeric:tabular-nums}
button{min-height:32px;padding:.2rem .8rem;border:1px solid #8889;border-radius:4px;background:Canvas;cursor:pointer}
td button{min-height:24px;padding:0;border:0;text-align:start;text-decoration:underline;text-underline-offset:.2em}
button[aria-current=true]{font-weight:700}
input{min-height:32px;width:16rem;max-width:60%;padding:.2rem .5rem;border:1px solid #8889;border-radius:4px;background:Field;color:FieldText}
form{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem;margin-block-start:1rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.5rem 1rem}
dt,small{font-size:12px;font-weight:400;opacity:.8}
dd{overflow-wrap:anywhere}
.bar{display:block;width:var(--share);min-width:2px;height:6px;margin-block-start:.3rem;background:#2b7a4b;forced-color-adjust:none}
.bar.against{background:#b3400f}
:focus-visible{outline:2px solid;outline-offset:2px}
[hidden]{display:none}
`;

const make = (tag: string, text: Child | readonly Child[] = '', attributes: Readonly<Record<string, string>> = {}): HTMLElement => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...(Array.isArray(text) ? text : [text as Child]));
  return element;
};

const number = (value: number) => value.toFixed(3);
const day = (at: number) => new Date(at).toISOString().slice(0, 10);

const table = (caption: string, heads: readonly string[], rows: readonly HTMLElement[]) =>
  make(
    'div',
    make(
      'table',
      [
        make(
          'thead',
          make(
            'tr',
            heads.map((head) => make('th', head, { scope: 'col' })),
          ),
        ),
        make('tbody', rows.length ? rows : make('tr', make('td', 'None', { colspan: `${heads.length}` }))),
      ],
      { 'aria-label': caption },
    ),
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
  );

const pairs = (entries: Readonly<Record<string, unknown>>) =>
  make(
    'dl',
    Object.entries(entries).map(([term, value]) => make('div', [make('dt', term), make('dd', String(value))])),
  );

const listOf = (caption: string, problems: readonly string[]) =>
  problems.length
    ? [
        make('h3', caption),
        make(
          'ul',
          problems.map((problem) => make('li', problem)),
        ),
      ]
    : [];

const stateOf = ({ choice, memory, voice, gpc, records, damaged, erasing, ready, catalog, problems }: State) => {
  const rows = pairs({
    choice,
    memory,
    voice,
    gpc,
    records,
    damaged,
    erasing,
    ready,
    'catalog items': catalog.items,
    'catalog dropped': catalog.dropped,
  });
  return [rows, ...listOf('Catalog problems', catalog.problems), ...listOf('Rule problems', problems)];
};

/** A share with its bar; the width is a custom property, so a strict style-src has nothing to object to. */
const shareOf = (share: number, most: number) => {
  const bar = make('span', '', { class: share < 0 ? 'bar against' : 'bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', `${most ? (100 * Math.abs(share)) / most : 0}%`);
  return make('td', [number(share), bar], { class: 'number' });
};

const contributionOf =
  (most: number) =>
  ({ signal, verdict, share, evidence }: Contribution) =>
    make('tr', [
      make(
        'th',
        [
          `${signal.verb} `,
          signal.title ?? signal.item ?? signal.topic ?? '',
          make('div', make('small', `${signal.provenance}, ${signal.sensitivity}`)),
        ],
        { scope: 'row' },
      ),
      make('td', [verdict.mode, ...verdict.reasons.map((reason) => make('div', make('small', reason)))]),
      shareOf(share, most),
      make('td', [
        `${signal.count}`,
        ...evidence.slice(0, 5).map(({ at }) => make('div', make('small', day(at)))),
        evidence.length > 5 ? '…' : '',
      ]),
    ]);

const traceOf = (id: string, trace: Trace) => {
  const most = Math.max(trace.prior, trace.page, ...trace.contributions.map(({ share }) => Math.abs(share)));
  return [
    make('h3', trace.item ? `${trace.item.title} (${id})` : id, { tabindex: '-1' }),
    pairs({
      place: trace.place ?? 'not in the list',
      ...(trace.excluded && { excluded: trace.excluded }),
      score: number(trace.score),
      "the shop's prior": number(trace.prior),
      'the page': number(trace.page),
      mode: trace.mode,
      because: trace.because?.text ?? 'nothing is said',
    }),
    table('Contributions', ['What', 'Verdict and what lowered it', 'Share', 'Records'], trace.contributions.map(contributionOf(most))),
  ];
};

const sheets = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return [sheet];
};

/** The parts that never change; what they show is filled in as fordi answers. */
const frame = (open: boolean) => {
  const fold = make('button', 'Fold', { type: 'button', 'aria-expanded': `${open}`, 'aria-controls': 'body' });
  const close = make('button', 'Close', { type: 'button' });
  const [state, list, trace] = [make('div'), make('div'), make('div', '', { 'aria-live': 'polite' })];
  const input = make('input', '', { id: 'id', autocomplete: 'off', spellcheck: 'false' }) as HTMLInputElement;
  const look = make('button', 'Look up', { type: 'submit' });
  const form = make('form', [make('label', 'Any item, by id', { for: 'id' }), input, look]) as HTMLFormElement;
  const body = make('div', [state, list, form, trace], { id: 'body', class: 'body' });
  const head = make('header', [make('h2', 'What fordi decided'), make('div', [fold, ' ', close])]);
  const unfold = (to: boolean) => {
    body.hidden = !to;
    fold.setAttribute('aria-expanded', `${to}`);
    fold.textContent = to ? 'Fold' : 'Unfold';
  };
  unfold(open);
  fold.addEventListener('click', () => unfold(body.hidden !== false));
  return { aside: make('aside', [head, body], { 'aria-label': 'What fordi decided' }), close, state, list, trace, input, form };
};

/**
 * A drawer for developers: the state, the list of one slot, and for any item every contribution with its verdict. It reads
 * through the public surface only and remembers nothing. Returns what takes it away again.
 */
export function inspect(fordi: Fordi, { slot, context, open = true }: Options = {}): () => void {
  const request = { ...(slot !== undefined && { slot }), ...(context !== undefined && { context }) } as Request;
  const host = make('div', '', { 'data-fordi-inspector': '' });
  const root = host.attachShadow({ mode: 'open' });
  const parts = frame(open);
  let chosen: string | undefined;
  let turn = 0;

  const choose = async (id: string) => {
    chosen = id;
    await show();
    const title = parts.trace.querySelector('h3');
    title?.focus();
    title?.scrollIntoView();
  };
  const row = ({ item, score, mode, because }: Pick, index: number) => {
    const name = make('button', item.title, { type: 'button', 'data-id': item.id, 'aria-current': `${item.id === chosen}` });
    name.addEventListener('click', () => choose(item.id));
    return make('tr', [
      make('td', `${index + 1}`),
      make('td', name),
      make('td', number(score), { class: 'number' }),
      make('td', mode),
      make('td', because?.text ?? ''),
    ]);
  };
  const draw = (picks: readonly Pick[], trace: Trace | undefined) => {
    const focused = root.activeElement?.getAttribute('data-id');
    parts.state.replaceChildren(...stateOf(fordi.get()));
    parts.list.replaceChildren(
      make('h3', `Slot ${slot ?? 'default'}${context === undefined ? '' : `, on the page of ${context}`}`),
      table('The list', ['Place', 'Item', 'Score', 'Mode', 'Because'], picks.map(row)),
    );
    parts.trace.replaceChildren(...(chosen !== undefined && trace ? traceOf(chosen, trace) : []));
    if (focused) [...parts.list.querySelectorAll('button')].find((button) => button.dataset.id === focused)?.focus();
  };
  /** Answers may come out of order; only the newest is drawn. */
  const show = async () => {
    const mine = ++turn;
    const [picks, trace] = await Promise.all([fordi.recommend(request), chosen === undefined ? undefined : fordi.explain(chosen, request)]);
    if (mine === turn) draw(picks, trace);
  };
  const stop = () => {
    turn = -1;
    detach();
    host.remove();
  };

  root.adoptedStyleSheets = sheets();
  root.append(parts.aside);
  parts.form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (parts.input.value) choose(parts.input.value);
  });
  parts.close.addEventListener('click', stop);
  document.body.append(host);
  const detach = fordi.subscribe(show);
  show();
  return stop;
}
