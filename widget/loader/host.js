// Starts the WebAssembly module, and is its host: the few acts that are simpler here.
// It is built into one file with the glue, which has `mount`, `__wbg_set_wasm` and what
// the module imports (`imports`), and must not know what a flow is (see ../src/lib.rs).
// FRONTDESK_WASM and FRONTDESK_STYLES become the hashed names of the module and of
// embed.css, and their digests, and FRONTDESK_WORDS every word of a flow: there is one such file
// for each language, since on a slow line each file more costs more than its bytes.
//
// All of it is out of the page's reach but `begin`, which takes no markup and no code:
// `paint` would turn any text into markup that Trusted Types let through. (A script that
// has replaced functions of the browser before the press sees what goes through them.)

// Where a page demands Trusted Types, markup is accepted from this policy only, one for each
// language.
let policy = { createHTML: (html) => html };

// Our own pages bring their styles along. Any other page gets those of the widget, while
// the rest is still on its way; without them the plain form is the better way on.
const dress = ([name, integrity]) => new Promise((answer, fail) => {
  if (new URL(import.meta.url).origin === location.origin) return answer();
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.crossOrigin = 'anonymous';
  link.integrity = integrity;
  link.href = new URL(name, import.meta.url);
  link.onload = answer;
  link.onerror = () => fail(new TypeError('the styles cannot be had'));
  document.head.appendChild(link);
});

// What each element has of the module, until it steps aside.
const widgets = new WeakMap();

// The plain form takes its place again.
const restore = (element) => {
  const { form } = element;
  if (element.contains(form)) return;
  element.textContent = '';
  element.appendChild(form);
};

// A fault in the module must not leave a person with a form that no longer answers.
const tell = (element, what, ...told) => {
  try {
    const widget = widgets.get(element);
    if (widget) widget[what](...told);
  } catch (error) {
    widgets.delete(element);
    stopAwaiting(element);
    restore(element);
    element.stepAside();
  }
};

// How many milliseconds before the end of a flow its patient is warned; `time.soon` says
// so in words.
const WARNING = 120000;

// One may stand still while a phone sleeps, and the other be set: a warning comes by the one
// that has come further, and too early rather than too late.
const clocks = [performance, Date];

// When the flow of each element ends, by each clock, and what waits for that.
const ends = new WeakMap();
const timers = new WeakMap();

// A timer is late in a tab that nobody sees, and stands still in one that was left.
const wake = () => {
  if (!document.hidden) document.querySelectorAll('verify-widget').forEach((found) => watch(found));
};
document.addEventListener('visibilitychange', wake);
window.addEventListener('pageshow', wake);

const there = (element, path) => new URL(path, element.getAttribute('api') || import.meta.url);

// A step with a way back has an entry of its own in the browser's history, so that the browser's
// Back does what the button does. Each entry says how many of them lead to it, and nothing else;
// what the page keeps there stays. Here is how many lead to the step that is shown.
const depths = new WeakMap();
const keyOf = (element) => 'frontdesk.' + element.kind;
const depthIn = (state, element) => (state || {})[keyOf(element)];

const goBack = (element) => {
  const button = element.querySelector('[name=action-back]');
  if (button) button.click();
};

// Forward, and what the page has put into the history, lead to no other step.
window.addEventListener('popstate', ({ state }) => {
  document.querySelectorAll('verify-widget').forEach((found) => {
    if (depthIn(state, found) < depths.get(found)) goBack(found);
  });
});

// Adds an entry above the one that says `depth`. Where nothing may be said in an entry of the
// page, or the browser has had enough of them, none is added, and Back leads where it did.
const deeper = (element, depth) => {
  const { state } = history;
  if (state && Object.getPrototypeOf(state) !== Object.prototype) return depth;
  const saying = (depth) => Object.assign({}, state, { [keyOf(element)]: depth });
  try {
    history.replaceState(saying(depth), '');
    history.pushState(saying(depth + 1), '');
    return depth + 1;
  } catch (error) {
    return depth;
  }
};

// A phone may hand the code of a text on (WebOTP), until another step is painted. It is
// filled in where nothing was typed, and not sent: a person sees first what they go on with.
const awaited = new WeakMap();
const stopAwaiting = (element) => {
  const request = awaited.get(element);
  if (request) request.abort();
};
const fillIn = async (element) => {
  const box = element.querySelector('[name=code]');
  const request = new AbortController();
  awaited.set(element, request);
  try {
    const otp = { transport: ['sms'] };
    const { code } = await navigator.credentials.get({ otp, signal: request.signal });
    box.value = box.value || code;
  } catch (error) {}
};

// What the module calls, by these names.

function paint(element, html, isTexted) {
  element.innerHTML = policy.createHTML(html);
  stopAwaiting(element);
  if (isTexted && window.OTPCredential) fillIn(element);
  // Markup leads to pages of the API's site, wherever it stands.
  for (const name of ['href', 'action']) {
    for (const found of element.querySelectorAll('[' + name + '^="/"]')) {
      found.setAttribute(name, there(element, found.getAttribute(name)));
    }
  }
}

// Where another flow of the page has entries of its own, to go to one would press Back there, or
// take them away. Then those of this flow stay, and lead to no other step.
// One in another language has its depth elsewhere, but the entry says it.
const isAlone = (element) => Array.from(document.querySelectorAll('verify-widget'))
  .every((other) => other === element || !depthIn(history.state, other));

// The browser scrolls to where a person was at an entry, and not to what is shown now.
const go = (element, delta) => {
  const scroll = () => requestAnimationFrame(() => element.scrollIntoView());
  window.addEventListener('popstate', scroll, { once: true });
  history.go(delta);
};

// Once no way leads back from a step, the entries before it are of no use: the browser goes to the
// first of them, and Back leads to the page of before. A person may have gone elsewhere meanwhile,
// by the browser's own buttons: what is shown belongs to where they are. But where nothing came of going
// back, it is the step of the entry that they have left, and they are led there again.
function settle(element, hasWayBack, way) {
  const before = depths.get(element);
  const told = depthIn(history.state, element);
  if (hasWayBack && !way && told < before) return go(element, before - told);
  const here = told === undefined ? before : Math.min(before, told);
  const depth = hasWayBack ? Math.max(0, (way < 0 ? before : here) + way) : 0;
  depths.set(element, depth);
  if (told > depth) {
    if (isAlone(element)) go(element, depth - told);
  } else if (told < depth && way < 0) goBack(element);
  else if (told !== depth && way > 0 && hasWayBack) depths.set(element, deeper(element, here));
}

// Goes on to another page of the API's site. An entry of ours has nothing more to show.
function leave(element, path) {
  location[depths.get(element) ? 'replace' : 'assign'](there(element, path));
}

// The token outlives a reload in this tab and nothing more. Storage can be
// forbidden; then a reload begins anew.
function remember(element, token) {
  try {
    if (token) sessionStorage.setItem(keyOf(element), token);
    else for (const key of [keyOf(element), typedKey(element)]) sessionStorage.removeItem(key);
  } catch (error) {}
}

// Nor does a reload, or a look at the other language, cost what was typed and not sent, as long as
// there is a token; codes and passwords stay nowhere.
const typedKey = (element) => keyOf(element) + '.typed';
const boxes = (element) => Array.from(element.querySelectorAll(
  'input:not([type=submit]):not([type=button]):not([name=password]):not([name=code])'));
const keep = (element) => {
  try {
    const key = keyOf(element);
    if (!widgets.has(element) || !sessionStorage.getItem(key)) return;
    const typed = boxes(element).map(({ name, value, type, checked }) =>
      [name, type !== 'radio' || checked ? value : null]);
    sessionStorage.setItem(typedKey(element), JSON.stringify(typed));
  } catch (error) {}
};
window.addEventListener('pagehide', () => {
  document.querySelectorAll('verify-widget').forEach(keep);
});

// Fills in what was typed, if it is the same step that is shown. Nothing is written over.
const typeAgain = (element) => {
  try {
    const key = typedKey(element);
    const typed = JSON.parse(sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
    const here = boxes(element);
    if (here.length !== typed.length || here.some(({ name }, at) => name !== typed[at][0])) return;
    here.forEach((box, at) => {
      const value = typed[at][1];
      if (box.type === 'radio') box.checked = box.checked || value !== null;
      else if (box.type !== 'hidden') box.value = box.value || value;
    });
  } catch (error) {}
};

function expect(element, seconds) {
  ends.set(element, clocks.map((clock) => clock.now() + seconds * 1000));
}

// Once the end has come by each clock there is nothing to warn of.
function watch(element) {
  const left = (ends.get(element) || [0]).map((end, clock) => end - clocks[clock].now());
  const soon = Math.min(...left) - WARNING;
  clearTimeout(timers.get(element));
  if (soon > 0) timers.set(element, setTimeout(() => watch(element), soon));
  else if (Math.max(...left) > 0) tell(element, 'warned');
}

// The status 0 says that nothing came back.
async function ask(element, path, token, body, then) {
  let told = [0, ''];
  try {
    told = await read(await element.call(path, token, body));
  } catch (error) {}
  tell(element, then, ...told);
}

const read = async (response) => [response.status, await response.text()];

// The module that was built with this file and no other, one for all flows of a page in its language. It
// is on its way already where the loader's preload is understood. Nothing is gained by
// compiling it from the stream: a browser that checks a digest hands out no byte before the
// last one. And so it need not come with the right type.
const load = async ([name, integrity]) => {
  const response = await fetch(new URL(name, import.meta.url), { integrity });
  const wasm = await response.arrayBuffer();
  const { instance } = await WebAssembly.instantiate(wasm, { '': imports });
  __wbg_set_wasm(instance.exports);
};

// What all flows of a page in one language share, once one has begun; nothing again where it did not come.
let shared;
const share = () => {
  shared = Promise.all([load(FRONTDESK_WASM), dress(FRONTDESK_STYLES)]);
  shared.catch(() => {
    shared = null;
  });
  return shared;
};

// Whether nothing at all comes through. What a server refuses, or a policy of the page, which is
// told a moment after it was refused, can be had no more by pressing again.
const isCutOff = () => !navigator.onLine || new Promise((answer) => {
  document.addEventListener('securitypolicyviolation', () => answer(false), { once: true });
  const probe = { method: 'HEAD', mode: 'no-cors', cache: 'no-store' };
  fetch(import.meta.url, probe).then(() => answer(false), () => setTimeout(answer, 100, true));
  setTimeout(answer, 5000, true);
});

const words = FRONTDESK_WORDS;

const show = async (element, asked) => {
  const [first] = await Promise.all([asked, shared || share()]);
  const told = await read(first);
  // Said where the flow is: the page may be in another language.
  element.lang = element.locale;
  // A page that is loaded again, or come back to, is where its entry says.
  depths.set(element, element.token && depthIn(history.state, element) || 0);
  if (window.trustedTypes && !policy.name) policy = trustedTypes.createPolicy('frontdesk-' + element.locale, policy);
  const widget = mount(element, element.kind, element.locale, element.token, words, ...told);
  if (!widget) throw new Error('the first answer shows no step');
  widgets.set(element, widget);
  if (element.token) typeAgain(element);
};

// Shows the flow that the loader has asked for. Fails where there is nothing to show, unless
// that is for want of a network, and the page can say so: then it stays, and a press tries again.
export const begin = async (element, asked) => {
  const place = element.querySelector('[data-offline]');
  if (place) place.textContent = '';
  try {
    await show(element, asked);
  } catch (error) {
    restore(element);
    // As fetching fails, for whatever reason.
    const isOfFetching = error instanceof TypeError;
    if (!place || element.token || !isOfFetching || !await isCutOff()) throw error;
    return element.stepAside(true);
  }
  element.removeAttribute('aria-busy');
  // From now on whoever steps aside has asked for the flow.
  element.token = null;
  element.onclick = (event) => tell(element, 'clicked', event);
  // What has stepped aside meanwhile is a plain form again, and goes its way.
  element.onsubmit = (event) => {
    tell(element, 'submitted', event);
    return !widgets.has(element);
  };
  watch(element);
};
