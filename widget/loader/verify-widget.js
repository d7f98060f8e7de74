// The loader: defines <verify-widget> and fetches the rest once a person wants
// a flow. It is the only file that a page loads by itself, so it stays tiny: what
// only a flow needs is in host.js, and steps in the WebAssembly module.
//
// Whatever goes wrong, here or there, the plain form inside the element goes on.
// Comments and indentation are taken out when the widget is built, and
// FRONTDESK_FILES becomes the hashed names of the other files and their digests.

const files = FRONTDESK_FILES;
const here = import.meta.url;

const fetchFile = ([name, integrity]) => fetch(new URL(name, here), { integrity });

// `import()` takes no digest; a preload of the same module does.
const importFile = ([name, integrity]) => {
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.integrity = integrity;
  link.href = new URL(name, here);
  document.head.appendChild(link);
  return import(link.href);
};

customElements.define('verify-widget', class extends HTMLElement {
  connectedCallback() {
    if (this.kind) return;
    this.kind = this.getAttribute('flow');
    this.api = new URL(this.getAttribute('api') || here, here).origin;
    const { lang } = this.closest('[lang]') || this;
    this.locale = lang.slice(0, 2).toLowerCase();
    if (!files[this.locale]) this.locale = 'en';
    this.addEventListener('submit', (event) => {
      event.preventDefault();
      this.start();
    });
    // What a flow has kept for a reload, unless storage is forbidden.
    try {
      const token = sessionStorage.getItem('frontdesk.' + this.kind);
      if (token) this.start(token);
    } catch (error) {}
  }

  // Everything side by side: on a slow line the round trips are what takes long.
  async start(token) {
    if (this.form) return;
    this.form = this.querySelector('form');
    this.token = token;
    this.setAttribute('aria-busy', 'true');
    try {
      const [glue, ...responses] = await Promise.all([
        importFile(files.glue),
        fetchFile(files.wasm),
        fetchFile(files[this.locale]),
        token
          ? this.fetch('/api/v1/flow', token)
          : this.fetch('/api/v1/flows', token, JSON.stringify({ kind: this.kind, locale: this.locale })),
      ]);
      await glue.begin(this, glue, ...responses);
    } catch (error) {
      this.stepAside();
    }
    this.removeAttribute('aria-busy');
  }

  fetch(path, token, body) {
    const headers = { 'content-type': 'application/json' };
    if (token) headers.authorization = 'Bearer ' + token;
    return fetch(this.api + path, { method: body == null ? 'GET' : 'POST', headers, body });
  }

  // Back to the plain form, and on with it if the person has asked for the flow.
  stepAside() {
    const { form } = this;
    if (!this.contains(form)) {
      this.textContent = '';
      this.appendChild(form);
    }
    if (this.widget || !this.token) form.submit();
    this.widget = this.form = null;
  }
});
