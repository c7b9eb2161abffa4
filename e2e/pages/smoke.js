import * as fordi from '/dist/test/fordi.esm.js';

document.querySelector('output').textContent = typeof fordi.createFordi;
