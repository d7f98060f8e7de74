// Starts the WebAssembly module, and is its host: the few acts that are simpler here.
// It is built into one file with the glue, which has `mount` and `__wbg_set_wasm`,
// and must not know what a flow is (see ../src/lib.rs). FRONTDESK_STYLES becomes the
// hashed name of embed.css and its digest.

// Where a page demands Trusted Types, markup is accepted from this policy only.
let policy = { createHTML: (html) => html };

// Our own pages bring their styles along. Any other page gets those of the widget, while
// the rest is still on its way; without them the plain form is the better way on.
const dress = ([name, integrity]) => new Promise((answer) => {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.crossOrigin = 'anonymous';
  link.integrity = integrity;
  link.href = new URL(name, import.meta.url);
  link.onload = () => answer(true);
  link.onerror = () => answer(false);
  document.head.appendChild(link);
});
const dressed = new URL(import.meta.url).origin === location.origin || dress(FRONTDESK_STYLES);

// How many milliseconds before the end of a flow its patient is warned.
const WARNING = 120000;

// One may stand still while a phone sleeps, and the other be set: the one that has come
// further counts.
const clocks = [performance, Date];

// What an element can do once it has a flow.
const acts = {
  ends: [0, 0],

  paint(html) {
    this.innerHTML = policy.createHTML(html);
    // Markup leads to pages of the API's site, wherever it stands.
    for (const name of ['href', 'action']) {
      for (const element of this.querySelectorAll('[' + name + '^="/"]')) {
        element.setAttribute(name, this.there(element.getAttribute(name)));
      }
    }
  },

  // Goes on to another page of the API's site.
  leave(path) {
    location.assign(this.there(path));
  },

  there(path) {
    return new URL(path, this.getAttribute('api') || import.meta.url);
  },

  // The token outlives a reload in this tab and nothing more. Storage can be
  // forbidden; then a reload begins anew.
  remember(token) {
    try {
      if (token) sessionStorage.setItem('frontdesk.' + this.kind, token);
      else sessionStorage.removeItem('frontdesk.' + this.kind);
    } catch (error) {}
  },

  expect(seconds) {
    this.ends = clocks.map((clock) => clock.now() + seconds * 1000);
  },

  // Once the end has come there is nothing to warn of.
  watch() {
    const left = Math.min(...clocks.map((clock, number) => this.ends[number] - clock.now()));
    clearTimeout(this.timer);
    if (left > WARNING) this.timer = setTimeout(() => this.watch(), left - WARNING);
    else if (left > 0) this.tell('warned');
  },

  // The status 0 says that nothing came back. Two may be asked at once: each is told right
  // after it has come.
  async ask(path, token, body, then) {
    try {
      await this.take(await this.call(path, token, body));
    } catch (error) {
      this.status = 0;
    }
    this.tell(then);
  },

  async take(response) {
    this.body = await response.text();
    this.status = response.status;
  },

  // A fault in the module must not leave a person with a form that no longer answers.
  tell(what, event) {
    try {
      if (this.widget) this.widget[what](event);
    } catch (error) {
      this.stepAside();
    }
  },
};

const load = async (glue, response) => {
  const wasm = await response.arrayBuffer();
  const { instance } = await WebAssembly.instantiate(wasm, { './verify_widget_bg.js': glue });
  __wbg_set_wasm(instance.exports);
};

// One module for all flows of a page.
let loaded;

// Shows the flow that the loader has fetched; fails where there is nothing to show.
export const begin = async (element, glue, wasm, words, first) => {
  Object.assign(element, acts);
  // Said where the flow is: the page may be in another language.
  element.lang = element.locale;
  element.words = await words.text();
  await element.take(first);
  loaded = loaded || load(glue, wasm);
  await loaded;
  if (!await dressed) throw new Error('the styles cannot be had');
  if (window.trustedTypes && !policy.name) policy = trustedTypes.createPolicy('frontdesk', policy);
  element.widget = mount(element);
  if (!element.widget) throw new Error('the first answer shows no step');
  element.onclick = (event) => element.tell('clicked', event);
  element.onsubmit = (event) => element.tell('submitted', event);
  // A timer is late in a tab that nobody sees, and stands still in one that was left.
  document.addEventListener('visibilitychange', () => element.watch());
  window.addEventListener('pageshow', () => element.watch());
  element.watch();
};
