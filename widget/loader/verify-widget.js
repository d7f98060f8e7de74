// The loader: defines <verify-widget> and fetches the rest once a flow is near the
// screen; nothing is asked of the API before the press. It is the only file that a page
// loads by itself, so it stays tiny: what only a flow needs is in host.js, and steps in
// the WebAssembly module.
//
// Whatever goes wrong, here or there, the plain form inside the element goes on; but for want of
// a network it stays, and the page says so where it has a place for that (`[data-offline]`).
// Comments and indentation are taken out when the widget is built, and
// FRONTDESK_FILES becomes the hashed names of the other files and their digests.

const files = FRONTDESK_FILES;

// `import()` takes no digest; a preload of the same module does. The WebAssembly module is
// fetched by host.js, with its digest, since that takes none from anybody; so that it is
// there by then, its preload begins here.
const preload = (rel, as, [name, integrity]) =>
  document.head.appendChild(Object.assign(document.createElement('link'),
    { rel, as, crossOrigin: '', integrity, href: new URL(name, import.meta.url) }));

// The link to the glue with the words of a language, once it and the module are on their way.
const glue = {};
const ahead = (locale) => glue[locale] = glue[locale] || (
  preload('preload', 'fetch', files.wasm),
  preload('modulepreload', '', files[locale])
);

class Flow extends HTMLElement {
  connectedCallback() {
    if (this.kind) return;
    this.kind = this.getAttribute('flow');
    const { lang } = this.closest('[lang]') || this;
    const locale = lang.slice(0, 2).toLowerCase();
    this.locale = files[locale] ? locale : 'en';
    // A promise is none of the answers that let the browser send the form.
    this.onsubmit = () => !this.start();
    try {
      // What a flow has kept for a reload, unless storage is forbidden.
      const token = sessionStorage.getItem('frontdesk.' + this.kind);
      if (token) this.start(token);
      // Within a screen of what somebody sees. A page may say that it is so where the page
      // begins: on a slow line, to wait for its styles would take a round trip. Safari 10 to
      // 12.0 cannot tell by itself; there the press is soon enough.
      if (this.hasAttribute('ahead')) ahead(this.locale);
      new IntersectionObserver(
        (seen) => seen.pop().isIntersecting && ahead(this.locale),
        { rootMargin: '100%' }).observe(this);
    } catch (error) {}
  }

  // Everything side by side: on a slow line the round trips are what takes long.
  async start(token) {
    if (this.form) return;
    this.token = token;
    this.form = this.querySelector('form');
    this.setAttribute('aria-busy', true);
    try {
      const { kind, locale } = this;
      const first = token ? this.call('/api/v1/flow', token) :
        this.call('/api/v1/flows', token, JSON.stringify({ kind, locale }));
      // The host judges what has become of it; nobody else is told.
      first.catch(() => {});
      await (await import(ahead(locale).href)).begin(this, first);
    } catch (error) {
      this.stepAside();
    }
  }

  call(path, token, body) {
    const headers = { 'content-type': 'application/json' };
    if (token) headers.authorization = 'Bearer ' + token;
    return fetch(new URL(path, this.getAttribute('api') || import.meta.url),
      { method: body == null ? 'GET' : 'POST', headers, body });
  }

  // On with the plain form, if the person has asked for the flow. Whoever is cut off keeps the
  // page, which says so where it can, and a press tries again. Of what is busy nothing is read
  // aloud, nor a text that stays the same: the one of before is taken away first.
  stepAside(isOffline = !navigator.onLine) {
    this.removeAttribute('aria-busy');
    const told = isOffline && this.querySelector('[data-offline]');
    if (told) told.textContent = '';
    if (!this.token) told ? told.textContent = told.dataset.offline : this.form.submit();
    this.form = null;
  }
}

// This script need not wait for the page's styles (`async`), but it does for what stands in the
// element.
const define = () => customElements.define('verify-widget', Flow);
if (document.readyState === 'loading') {
  document.addEventListener('readystatechange', define, { once: true });
} else define();
