// The same as the script tag, through the npm module: what an application with a bundler would write.

import { connectPage, createFordi, defineElements } from '/module/fordi.js';

const fordi = createFordi({
  site: { name: 'Grooves', contact: 'mette@grooves.example', privacyUrl: '/your-data' },
  notice: { version: '2026-11', keeps: ['listen', 'like', 'purchase', 'save', 'view', 'declare', 'search', 'shown', 'told'] },
  catalog: '/catalog.json',
});
defineElements(fordi);
connectPage(fordi);
