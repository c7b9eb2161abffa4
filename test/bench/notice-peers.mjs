// What is put on the page to ask for permission: each as its manual says, for the same purposes and with the same words.
import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';

const at = (path) => new URL(`../../${path}`, import.meta.url);
const read = (path) => readFile(at(path), 'utf8');
const versionOf = async (name) => JSON.parse(await read(`node_modules/${name}/package.json`)).version;

const ASK = 'May Grooves remember what you do here?';
const WHY = 'To suggest records, to count visits and to show films. A no changes nothing else, and you can change your mind at any time.';
const YES = 'Yes to all';
const NO = 'No to all';
const PURPOSES = {
  measurement: { title: 'Counting visits', text: 'To know which pages are read.', keeps: 'the page and the day', days: 30 },
  media: { title: 'Films', text: 'To show films kept elsewhere.', keeps: 'which film', days: 30 },
  marketing: { title: 'Offers', text: 'To show fewer of the same offers.', keeps: 'which offer', days: 30 },
};

/** Two buttons and nothing else: what asking costs at least. Not a product. */
const FLOOR = `if (!localStorage.getItem('choice')) {
  const box = Object.assign(document.createElement('section'), { id: 'floor' });
  box.setAttribute('aria-label', ${JSON.stringify(ASK)});
  box.style.cssText = 'position:fixed;inset:auto 1em 1em;padding:1em;background:#fff;border:1px solid';
  box.append(Object.assign(document.createElement('p'), { textContent: ${JSON.stringify(WHY)} }));
  for (const text of ${JSON.stringify([NO, YES])}) {
    const button = Object.assign(document.createElement('button'), { textContent: text });
    button.onclick = () => (box.remove(), localStorage.setItem('choice', text));
    box.append(button);
  }
  document.body.prepend(box);
}`;

const sections = Object.entries(PURPOSES).map(([linkedCategory, { title, text }]) => ({ title, description: text, linkedCategory }));

/** `hideFromBots` is on by default and would hide it from this browser. */
const VANILLA = `CookieConsent.run(${JSON.stringify({
  hideFromBots: false,
  categories: { necessary: { enabled: true, readOnly: true }, ...Object.fromEntries(Object.keys(PURPOSES).map((name) => [name, {}])) },
  language: {
    default: 'en',
    translations: {
      en: {
        consentModal: { title: ASK, description: WHY, acceptAllBtn: YES, acceptNecessaryBtn: NO, showPreferencesBtn: 'Choose' },
        preferencesModal: {
          title: ASK,
          acceptAllBtn: YES,
          acceptNecessaryBtn: NO,
          savePreferencesBtn: 'Save',
          closeIconLabel: 'Close',
          sections,
        },
      },
    },
  },
})})`;

const KLARO = `var klaroConfig = ${JSON.stringify({
  acceptAll: true,
  lang: 'en',
  translations: {
    zz: { privacyPolicyUrl: '/privacy' },
    en: { consentNotice: { description: `${ASK} ${WHY}` }, acceptAll: YES, decline: NO, purposes: PURPOSES },
  },
  services: Object.entries(PURPOSES).map(([name, { title }]) => ({ name, title, purposes: [name] })),
})}`;

const FORDI =
  'data-site="Grooves" data-policy="/privacy" data-contact="mette@grooves.example" data-notice="2026-11" data-keeps="listen like purchase"';
const NOTICE = ['fordi-notice', 'section'];
const defer = (path, more = '') => `<script defer src="${path}" ${more}></script>`;

/** `box`: the way to what asks, each step inside the shadow of the one before; `no` and `yes`: its buttons. */
export async function peers() {
  const [fordi, vanilla, style, klaro] = await Promise.all(
    [
      'dist/fordi.js',
      'node_modules/vanilla-cookieconsent/dist/cookieconsent.umd.js',
      'node_modules/vanilla-cookieconsent/dist/cookieconsent.css',
      'node_modules/klaro/dist/klaro.js',
    ].map(read),
  );
  const several = `<script type="application/json" data-fordi-purposes>${JSON.stringify(PURPOSES)}</script>`;
  return [
    {
      name: 'floor: two buttons by hand',
      head: defer('/floor.js'),
      files: { '/floor.js': FLOOR },
      box: ['#floor'],
      no: '#floor button >> nth=0',
      yes: '#floor button >> nth=1',
    },
    {
      name: 'fordi.js, its one purpose',
      head: defer('/fordi.js', FORDI),
      files: { '/fordi.js': fordi },
      box: NOTICE,
      no: 'fordi-notice .two button >> nth=0',
      yes: 'fordi-notice .two button >> nth=1',
    },
    {
      name: 'fordi.js, three more, all on one layer',
      head: several + defer('/fordi.js', FORDI),
      files: { '/fordi.js': fordi },
      box: NOTICE,
      no: 'fordi-notice .two button >> nth=0',
      yes: 'fordi-notice .two button >> nth=1',
    },
    {
      name: `vanilla-cookieconsent ${await versionOf('vanilla-cookieconsent')}, script and style`,
      head: `<link rel="stylesheet" href="/vanilla.css">${defer('/vanilla.js')}${defer('/vanilla-set.js')}`,
      files: { '/vanilla.js': vanilla, '/vanilla.css': style, '/vanilla-set.js': VANILLA },
      box: ['#cc-main .cm'],
      no: '#cc-main .cm [data-role=necessary]',
      yes: '#cc-main .cm [data-role=all]',
    },
    {
      name: `klaro ${await versionOf('klaro')}`,
      head: defer('/klaro-set.js') + defer('/klaro.js', 'data-config="klaroConfig"'),
      files: { '/klaro.js': klaro, '/klaro-set.js': KLARO },
      box: ['.klaro .cookie-notice'],
      no: '.cookie-notice .cn-decline',
      yes: '.cookie-notice .cm-btn-success',
    },
  ];
}

const BEST = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };

/** Of all a page loads to ask. */
export const weigh = ({ files }) => Object.values(files).reduce((sum, text) => sum + brotliCompressSync(text, BEST).length, 0);
