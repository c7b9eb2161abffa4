// A script that leaves something in every place, and writes part of it once more after it was taken away; one that listens stops.
const me = document.currentScript;
const put = (cookie) => {
  // biome-ignore lint/suspicious/noDocumentCookie: as third parties do it.
  document.cookie = cookie;
};
const write = () => {
  put('m_root=1;path=/');
  put('m_here=1');
  localStorage.setItem('m_local', '1');
};
write();
const parent = location.hostname.split('.').slice(1).join('.');
if (parent.endsWith('localhost')) put(`m_parent=1;path=/;domain=${parent}`);
put('m_deep=1;path=/pages');
put('m_far=1;path=/elsewhere');
put('basket=1;path=/');
sessionStorage.setItem('m_session', '1');
indexedDB.open('m_database').onsuccess = ({ target }) => target.result.close();
globalThis.caches?.open('m_cache').catch(() => {});
me.addEventListener('fordi:stop', (event) => {
  if (window.polite) event.preventDefault();
  else setTimeout(write, 300);
});
window.ran ??= [];
window.ran.push('store');
