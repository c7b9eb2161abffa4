// The real tools, as their own pages say to set them up: ?tools=vanilla,klaro&late=2000
const query = new URLSearchParams(location.search);
const bring = (src, then) => {
  const script = document.createElement('script');
  script.src = src;
  script.onload = then;
  document.head.append(script);
};

const tools = {
  vanilla() {
    bring('/peers/vanilla.js', () =>
      window.CookieConsent.run({
        hideFromBots: false,
        categories: { necessary: { enabled: true, readOnly: true }, personalization: {} },
        language: {
          default: 'en',
          translations: {
            en: {
              consentModal: { title: 'Theirs', description: 'They ask.', acceptAllBtn: 'Accept all', acceptNecessaryBtn: 'Reject all' },
              preferencesModal: {
                title: 'Their preferences',
                acceptAllBtn: 'Accept all',
                acceptNecessaryBtn: 'Reject all',
                savePreferencesBtn: 'Save',
                sections: [{ title: 'Personalization', linkedCategory: 'personalization' }],
              },
            },
          },
        },
      }),
    );
  },
  klaro() {
    window.klaroConfig = {
      acceptAll: true,
      privacyPolicy: '/pages/record.html',
      services: [{ name: 'personalization', title: 'Personalization', purposes: ['personal'], default: true }],
    };
    bring('/peers/klaro.js');
  },
};

const load = () => {
  for (const name of (query.get('tools') ?? '').split(',')) tools[name]?.();
};
if (query.has('late')) setTimeout(load, Number(query.get('late')));
else load();
