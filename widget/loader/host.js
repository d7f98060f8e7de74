// Starts the WebAssembly module, and is its host: the few acts that are simpler here.
// It is built into one file with the glue, which has `mount` and `__wbg_set_wasm`,
// and must not know what a flow is (see ../src/lib.rs).

// Where a page demands Trusted Types, markup is accepted from this policy only.
let policy = { createHTML: (html) => html };

// What an element can do once it has a flow.
const acts = {
  paint(html) {
    this.innerHTML = policy.createHTML(html);
  },

  // Goes on to another page of the API's site.
  leave(path) {
    location.assign(new URL(path, this.getAttribute('api') || import.meta.url));
  },

  // The token outlives a reload in this tab and nothing more. Storage can be
  // forbidden; then a reload begins anew.
  remember(token) {
    try {
      if (token) sessionStorage.setItem('frontdesk.' + this.kind, token);
      else sessionStorage.removeItem('frontdesk.' + this.kind);
    } catch (error) {}
  },

  // The status 0 says that nothing came back.
  async ask(path, token, body) {
    this.status = 0;
    try {
      await this.take(await this.call(path, token, body));
    } catch (error) {}
    this.tell('answered');
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
  element.words = await words.text();
  await element.take(first);
  loaded = loaded || load(glue, wasm);
  await loaded;
  if (window.trustedTypes && !policy.name) policy = trustedTypes.createPolicy('frontdesk', policy);
  element.widget = mount(element);
  if (!element.widget) throw new Error('the first answer shows no step');
  element.onclick = (event) => element.tell('clicked', event);
  element.onsubmit = (event) => element.tell('submitted', event);
};
