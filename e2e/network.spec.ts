import { expect, test } from './fixtures.js';
import { journey } from './support/journey.js';
import { home, items } from './support/shop.js';

// Rule 9 and standard X5: nothing leaves.

const own = {
  tag: ['/pages/tag.html', '/pages/shop.js', '/dist/fordi.js', '/pages/catalog.json'],
  module: ['/pages/module.html', '/pages/module.js', '/dist/test/fordi.esm.js', '/pages/catalog.json'],
  offline: ['/pages/module.html?csp=offline', '/pages/module.js', '/dist/test/fordi.esm.js'],
};

const journeys = [
  ['tag', 'tag', ''],
  ['module', 'module', ''],
  ['offline', 'module', '?csp=offline'],
] as const;

for (const [title, name, query] of journeys)
  test(`X4, X5 · ${title}: the whole journey asks for nothing but the page’s own files${title === 'module' ? ' @once' : ''}`, async ({
    page,
  }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url().replace(/^http:\/\/[^/]+/, '')));
    page.on('websocket', (socket) => asked.push(socket.url()));
    await page.addInitScript(
      (catalog) => {
        const out: string[] = [];
        Object.assign(window, { out });
        const spy = (owner: object, name: string) => {
          const real = Reflect.get(owner, name);
          const apply = (f: () => unknown, self: unknown, args: unknown[]) => {
            out.push(name);
            return Reflect.apply(f, self, args);
          };
          if (real) Reflect.set(owner, name, new Proxy(real, { apply }));
        };
        for (const name of ['WebSocket', 'EventSource', 'RTCPeerConnection', 'Worker', 'SharedWorker', 'WebTransport'])
          if (name in window) Reflect.set(window, name, new Proxy(Reflect.get(window, name), { construct: () => out.push(name) as never }));
        spy(Navigator.prototype, 'sendBeacon');
        spy(XMLHttpRequest.prototype, 'send');
        spy(window, 'fetch');
        if (catalog) Object.assign(window, { OPTIONS: { catalog } });
      },
      title === 'offline' ? items : null,
    );
    await journey(page, name, query);
    expect(asked.filter((url) => url !== '/favicon.ico').sort()).toEqual([...own[title]].sort());
    expect(asked[0]).toBe(home(name, query));
    const out = await page.evaluate(() => (window as unknown as { out: string[] }).out);
    expect(out).toEqual(title === 'offline' ? [] : ['fetch']);
  });
