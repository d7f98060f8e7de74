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

  function keep(name, value) {
    try { sessionStorage.setItem(name, value); } catch (e) { /* Private windows may have none. */ }
  }
  function kept(name) {
    try { return sessionStorage.getItem(name); } catch (e) { return null; }
  }

  function reload() {
    var on = document.activeElement;
    keep(PLACE, JSON.stringify([location.pathname, scrollX, scrollY, on && on.id]));
    location.reload();
  }

  function restore() {
    var place = JSON.parse(kept(PLACE) || 'null');
    keep(PLACE, 'null');
    if (!place || place[0] !== location.pathname) { return; }
    var on = place[3] && document.getElementById(place[3]);
    if (on) { on.focus({ preventScroll: true }); }
    scrollTo({ left: place[1], top: place[2], behavior: 'instant' });
  }

  function find() {
    host = document.getElementById('site-builder-preview');
    if (!host) {
      // Something in the page has no end, and swallowed it.
      host = document.createElement('div');
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

  function wire() {
    var root = host.shadowRoot;
    var errors = root.querySelector('section');
    if (errors) {
      errors.hidden = kept(CLOSED) === errors.textContent;
      root.querySelector('button').onclick = function () {
        keep(CLOSED, errors.textContent);
        errors.hidden = true;
      };
    }
    var panel = root.querySelector('details');
    if (panel) {
      panel.open = kept(OPEN) === 'yes';
      panel.ontoggle = function () { keep(OPEN, panel.open ? 'yes' : 'no'); };
    }
  }

  function get(address, then) {
    var request = new XMLHttpRequest();
    request.open('GET', address);
    request.onload = function () { then(request.responseText); };
    // After a failure, such as a restart of the preview, it asks again.
    request.onerror = function () { setTimeout(ask, 1000); };
    request.send();
  }

  function show(state) {
    get('/__site-builder/findings?' + location.pathname, function (html) {
      has = state;
      host.shadowRoot.innerHTML = html;
      wire();
      ask();
    });
  }

  function ask() {
    get('/__site-builder/version?' + has, function (now) {
      if (now.split('.')[0] !== has.split('.')[0]) { reload(); return; }
      if (now === has) { ask(); return; }
      show(now);
    });
  }

  var isThere = find();
  if (document.readyState === 'complete') { restore(); } else { addEventListener('load', restore); }
  if (isThere) { wire(); ask(); } else { show(has); }
})();
