// The loader: defines <verify-widget> and fetches the rest once a person wants
// a flow. It is the only file that a page loads by itself, so it stays tiny, and
// it knows no step: the WebAssembly module shows those (see ../src/lib.rs).
//
// Whatever goes wrong here, the plain form inside the element goes on.
// Comments and indentation are taken out when the widget is built, and
// FRONTDESK_FILES becomes the hashed names of the other files and their digests.

const files = FRONTDESK_FILES;

const fileUrl = ([name]) => new URL(name, import.meta.url).href;

const fetchChecked = (file) => fetch(fileUrl(file), { integrity: file[1] });

// `import()` takes no digest; a preload of the same module does.
const importChecked = (file) => {
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.integrity = file[1];
  link.href = fileUrl(file);
  document.head.appendChild(link);
  return import(link.href);
};

// Where a page demands Trusted Types, markup is accepted from this policy only.
let policy = { createHTML: (html) => html };

class VerifyWidget extends HTMLElement {
  connectedCallback() {
    if (this.kind) return;
    this.kind = this.getAttribute('flow');
    this.api = (this.getAttribute('api') || new URL(import.meta.url).origin).replace(/\/$/, '');
    const lang = this.closest('[lang]');
    this.locale = ((lang && lang.lang) || 'en').slice(0, 2).toLowerCase();
    if (!files.words[this.locale]) this.locale = 'en';
    this.addEventListener('submit', (event) => {
      if (this.isMounted) return;
      event.preventDefault();
      this.start();
    });
    const token = this.recall();
    if (token) this.start(token);
  }

  // Everything side by side: on a slow line the round trips are what takes long.
  async start(token) {
    if (this.form) return;
    this.form = this.querySelector('form');
    this.isResumed = !!token;
    this.token = token;
    this.setAttribute('aria-busy', 'true');
    try {
      const [glue, wasm, words, first] = await Promise.all([
        importChecked(files.glue),
        fetchChecked(files.wasm),
        fetchChecked(files.words[this.locale]).then((response) => response.text()),
        this.firstCall(token),
      ]);
      this.words = words;
      this.status = first.status;
      this.body = await first.text();
      if (window.trustedTypes && !policy.name) policy = trustedTypes.createPolicy('frontdesk', policy);
      await glue.default({ module_or_path: wasm });
      this.isMounted = glue.mount(this);
      if (!this.isMounted) throw first;
    } catch (error) {
      this.stepAside();
    }
    this.removeAttribute('aria-busy');
  }

  async firstCall(token) {
    const path = this.api + '/api/v1/flow';
    const response = await (token
      ? fetch(path, { headers: { authorization: 'Bearer ' + token } })
      : fetch(path + 's', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ kind: this.kind, locale: this.locale }),
        }));
    const isGone = response.status == 401 || response.status == 410;
    if (response.ok || (token && isGone)) return response;
    throw response;
  }

  // Back to the plain form, and on with it if the person has asked for the flow.
  stepAside() {
    const { form } = this;
    if (!form) return;
    if (!this.contains(form)) {
      this.textContent = '';
      this.appendChild(form);
    }
    if (this.isMounted || !this.isResumed) form.submit();
    this.isMounted = false;
    this.form = null;
  }

  // What the WebAssembly module asks of its host.

  paint(html) {
    this.innerHTML = policy.createHTML(html);
  }

  leave(path) {
    location.assign(this.api + path);
  }

  // The token outlives a reload in this tab and nothing more. Storage can be
  // forbidden; then a reload begins anew.
  remember(token) {
    try {
      if (token) sessionStorage.setItem('frontdesk.' + this.kind, token);
      else sessionStorage.removeItem('frontdesk.' + this.kind);
    } catch (error) {}
  }

  recall() {
    try {
      return sessionStorage.getItem('frontdesk.' + this.kind);
    } catch (error) {}
  }
}

if (!customElements.get('verify-widget')) customElements.define('verify-widget', VerifyWidget);
