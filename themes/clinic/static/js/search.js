// The search box. Fetches the index when a person goes to the box, and looks for their words in it
// here: what they type never leaves the browser. Without this script, or without the index, the
// button leads to the page of all questions. Every browser of the help center runs it, back to
// Internet Explorer 11 and Chrome 24, so it is written in the JavaScript of then (ES5).

(function () {
  'use strict';

  // Where a word counts how much.
  var FIELDS = { title: 8, synonyms: 6, description: 4, body: 1, body_synonyms: 1 };
  // How good a word is that is not the very one that was typed.
  var BEGINS = 0.8, KIN = 0.7, SLIP = 0.5;
  // What is much worse than the best answer is none.
  var SHARE = 0.2;
  var MOST = 8;
  // A person who types is told of answers once they pause.
  var PAUSE = 300;

  var box = document.getElementById('fd-search');
  if (!box) return;
  var form = box.querySelector('form');
  var input = box.querySelector('input[type=search]');
  var status = box.querySelector('.search-status');
  var list = box.querySelector('.search-found');
  var none = box.querySelector('.search-none');
  var index, isOnItsWay, timer;

  function wordsOf(text) {
    text = text.toLowerCase().replace(/['\u2018\u2019]/g, '').replace(/&(amp|lt|gt|nbsp);/g, ' ');
    // Accents do not count, where the browser can tell.
    if (text.normalize) text = text.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
    return text.split(/[\u0000-\/:-@\[-`{-\u00bf\u2000-\u206f]+/).filter(Boolean);
  }

  // For each word of the pages, how much it counts on which of them.
  function read(pages) {
    var words = {};
    pages.forEach(function (page, at) {
      Object.keys(FIELDS).forEach(function (field) {
        wordsOf(page[field] || '').forEach(function (word) {
          var on = words['$' + word] || (words['$' + word] = {});
          on[at] = Math.max(on[at] || 0, FIELDS[field]);
        });
      });
    });
    return { pages: pages, words: words };
  }

  // How many letters are wrong, left out, too many or swapped; more than `most` is just that.
  function slips(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    var older, old = [], row = [], i, j;
    for (j = 0; j <= b.length; j++) row[j] = j;
    for (i = 1; i <= a.length; i++) {
      older = old;
      old = row;
      row = [i];
      for (j = 1; j <= b.length; j++) {
        row[j] = Math.min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
          row[j] = Math.min(row[j], older[j - 2] + 1);
        }
      }
    }
    return row[b.length];
  }

  // How well a word of a page answers one that was typed, from 0 to 1.
  function likeness(typed, word) {
    if (typed === word) return 1;
    if (typed.length > 1 && word.indexOf(typed) === 0) return BEGINS;
    var same = 0;
    while (same < typed.length && typed[same] === word[same]) same++;
    var longer = Math.max(typed.length, word.length) - same;
    var shorter = Math.min(typed.length, word.length) - same;
    // "closing" and "close", but not "record" and "recover".
    if (longer < 4 && (same > 4 || (same > 3 && shorter < 2))) return KIN;
    // A word that some page has is no slip.
    var most = typed.length < 4 || index.words['$' + typed] ? 0 : typed.length < 8 ? 1 : 2;
    return most && slips(typed, word, most) <= most ? SLIP : 0;
  }

  // The pages for what was typed, the best first. A word counts the more the fewer pages have it.
  function find(text) {
    var scores = [], hits = [], known = 0;
    var words = wordsOf(text);
    // Two words may be one: "user name".
    var pairs = words.slice(1).map(function (word, at) { return words[at] + word; });
    words.concat(pairs).forEach(function (typed, number) {
      if (typed.length < 2) return;
      var on = {};
      Object.keys(index.words).forEach(function (key) {
        var word = key.slice(1);
        var like = number < words.length ? likeness(typed, word) : +(typed === word);
        if (!like) return;
        Object.keys(index.words[key]).forEach(function (at) {
          on[at] = Math.max(on[at] || 0, like * index.words[key][at]);
        });
      });
      var pages = Object.keys(on);
      if (!pages.length) return;
      known++;
      var rarity = Math.pow(Math.log(1 + index.pages.length / pages.length), 2);
      pages.forEach(function (at) {
        scores[at] = (scores[at] || 0) + on[at] * rarity;
        hits[at] = (hits[at] || 0) + 1;
      });
    });
    var found = [];
    index.pages.forEach(function (page, at) {
      var score = (scores[at] || 0) * hits[at] / known;
      var isHere = page.url.replace(/^https?:\/\/[^\/]*/, '') === location.pathname;
      if (score > 0 && !isHere) found.push({ page: page, score: score, at: at });
    });
    found.sort(function (a, b) { return b.score - a.score || a.at - b.at; });
    return found.filter(function (one) { return one.score >= SHARE * found[0].score; }).slice(0, MOST);
  }

  function show(found, isAsked) {
    list.textContent = '';
    found.forEach(function (one) {
      var item = document.createElement('li');
      var link = document.createElement('a');
      var answer = document.createElement('p');
      link.href = one.page.url;
      link.textContent = one.page.title;
      answer.textContent = one.page.description || '';
      item.appendChild(link);
      item.appendChild(answer);
      list.appendChild(item);
    });
    none.hidden = !isAsked || found.length > 0;
    var words = found.length ? box.getAttribute('data-found') + ' ' + found.length : box.getAttribute('data-none');
    words = isAsked ? words : '';
    // The same words again would be read out again.
    if (status.textContent !== words) status.textContent = words;
  }

  function search() {
    clearTimeout(timer);
    if (!index) return;
    var isAsked = wordsOf(input.value).join('').length > 1;
    show(isAsked ? find(input.value) : [], isAsked);
  }

  function fetchIndex() {
    if (index || isOnItsWay) return;
    isOnItsWay = true;
    var request = new XMLHttpRequest();
    request.onload = function () {
      isOnItsWay = false;
      try {
        index = read(JSON.parse(request.responseText));
      } catch (error) {
        return;
      }
      search();
    };
    request.onerror = function () { isOnItsWay = false; };
    request.open('GET', box.getAttribute('data-index'));
    request.send();
  }

  input.addEventListener('focus', fetchIndex);
  input.addEventListener('input', function () {
    fetchIndex();
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  form.addEventListener('submit', function (event) {
    if (!index) return;
    event.preventDefault();
    search();
    // Away from the keyboard of a phone, to where the answers begin.
    status.focus();
  });
  // A browser may have kept what was typed before, or the focus may have come before this script.
  if (document.activeElement === input || input.value) fetchIndex();
})();
