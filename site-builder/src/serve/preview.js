// What a preview adds to a page: it reloads after a change and keeps the place, and shows what is
// found without reloading.
(function () {
  'use strict';
  var script = document.currentScript;
  var has = script.getAttribute('data-state');
  var host;
  var PLACE = 'site-builder-place';
  var CLOSED = 'site-builder-closed';
  var OPEN = 'site-builder-open';
  var waiting = null;

  function keep(name, value) {
    try { sessionStorage.setItem(name, value); } catch (e) { /* Private windows may have none. */ }
  }
  function kept(name) {
    try { return sessionStorage.getItem(name); } catch (e) { return null; }
  }

  // Where the focus is in what the preview adds, in a way that holds when it is made anew.
  function within() {
    var on = host.shadowRoot.activeElement;
    return on && on.parentNode.localName + ' > ' + on.localName;
  }
  function focus(on) {
    if (on) { on.focus({ preventScroll: true }); }
  }

  function reload() {
    var on = document.activeElement;
    keep(PLACE, JSON.stringify([location.pathname, scrollX, scrollY, on && on.id, within()]));
    location.reload();
  }

  function restore() {
    var place = JSON.parse(kept(PLACE) || 'null');
    keep(PLACE, 'null');
    if (!place || place[0] !== location.pathname) { return; }
    focus(place[3] && document.getElementById(place[3]));
    focus(place[4] && host.shadowRoot.querySelector(place[4]));
    scrollTo({ left: place[1], top: place[2], behavior: 'instant' });
  }

  function find() {
    host = document.getElementById('site-builder-preview');
    if (!host) {
      // Something in the page has no end, and swallowed it.
      host = document.createElement('div');
      host.id = 'site-builder-preview';
      document.documentElement.appendChild(host);
      host.attachShadow({ mode: 'open' });
      return false;
    }
    if (!host.shadowRoot) {
      // A browser that does not know the template's attribute.
      host.attachShadow({ mode: 'open' }).innerHTML = host.firstElementChild.innerHTML;
    }
    return true;
  }

  // What errors say without their places, which move with every line that is added above.
  function said(errors) {
    return [].map.call(errors.querySelectorAll('p, b, code'), function (part) {
      return part.textContent;
    }).join('\n');
  }

  function wire() {
    var root = host.shadowRoot;
    var errors = root.querySelector('section');
    if (errors) {
      errors.hidden = kept(CLOSED) === said(errors);
      root.querySelector('button').onclick = function () {
        keep(CLOSED, said(errors));
        errors.hidden = true;
      };
    } else {
      // What comes back after it was mended is new.
      keep(CLOSED, '');
    }
    var panel = root.querySelector('details');
    if (panel) {
      panel.open = kept(OPEN) === 'yes';
      panel.ontoggle = function () { keep(OPEN, panel.open ? 'yes' : 'no'); };
    }
  }

  // The style sheet stays, so that nothing is shown without it.
  function replace(html) {
    var root = host.shadowRoot;
    if (!root.firstChild) { root.innerHTML = html; wire(); return; }
    var on = within();
    var made = document.createElement('template');
    made.innerHTML = html;
    made.content.removeChild(made.content.firstChild);
    while (root.lastChild !== root.firstChild) { root.removeChild(root.lastChild); }
    root.appendChild(made.content);
    wire();
    focus(on && root.querySelector(on));
  }

  function get(address, then) {
    var request = new XMLHttpRequest();
    request.open('GET', address);
    request.onload = function () { then(request.responseText); };
    // After a failure, such as a restart of the preview, it asks again.
    request.onerror = function () { waiting = null; setTimeout(ask, 1000); };
    request.send();
    return request;
  }

  function show(state) {
    get('/__site-builder/findings?' + location.pathname, function (html) {
      has = state;
      replace(html);
      ask();
    });
  }

  // A browser has few connections to one address: they are for tabs that are looked at.
  function ask() {
    if (waiting || document.hidden) { return; }
    waiting = get('/__site-builder/version?' + has, function (now) {
      waiting = null;
      if (now.split('.')[0] !== has.split('.')[0]) { reload(); return; }
      if (now === has) { ask(); return; }
      show(now);
    });
  }

  var isWhole = find();
  if (isWhole) { wire(); }
  if (document.readyState === 'complete') { restore(); } else { addEventListener('load', restore); }
  document.addEventListener('visibilitychange', function () {
    if (waiting && document.hidden) { waiting.abort(); waiting = null; }
    ask();
  });
  if (isWhole) { ask(); } else { show(has); }
})();
