import * as all from '/dist/test/fordi.esm.js';

// A test sets window.OPTIONS before anything loads; ?lang=da and ?dir=rtl choose the language and its direction.
const { connectPage, createFordi, defineElements } = all;
const query = new URLSearchParams(location.search);
const locale = { ...all }[query.get('lang') ?? 'en'];
const fordi = createFordi({
  site: { name: 'Grooves', privacyUrl: '/pages/record.html' },
  notice: { version: '2026-11', keeps: ['listen', 'like', 'view'] },
  catalog: '/pages/catalog.json',
  locale: { ...locale, dir: query.get('dir') ?? locale.dir },
  ...window.OPTIONS,
});
window.shop = Promise.resolve(fordi);
defineElements(fordi);
connectPage(fordi);
