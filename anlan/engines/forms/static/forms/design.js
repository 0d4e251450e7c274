/* Choosing cells of a layout by pointer and keyboard; what they ask is set in the panel beside the sheet. */
(function () {
  'use strict';
  var start = null, last = null, drawing = false;
  function host() { return document.querySelector('[data-al-layout]'); }
  function cells() { return Array.prototype.slice.call(document.querySelectorAll('.al-lay--design td[data-at]')); }
  function cell(at) { return document.querySelector('.al-lay--design td[data-at="' + at + '"]'); }
  function spot(at) {
    var parts = /^([A-Z]+)(\d+)$/.exec(at);
    var column = parts[1].split('').reduce(function (sum, letter) { return sum * 26 + letter.charCodeAt(0) - 64; }, 0);
    return { row: parseInt(parts[2], 10), column: column };
  }
  function letters(number) { var said = ''; while (number > 0) { said = String.fromCharCode(65 + (number - 1) % 26) + said; number = Math.floor((number - 1) / 26); } return said; }
  function range(one, other) {
    var a = spot(one), b = spot(other);
    return { top: Math.min(a.row, b.row), left: Math.min(a.column, b.column), bottom: Math.max(a.row, b.row), right: Math.max(a.column, b.column) };
  }
  function words(box) {
    var first = letters(box.left) + box.top, end = letters(box.right) + box.bottom;
    return first === end ? first : first + ':' + end;
  }
  function show() {
    var box = range(start, last);
    cells().forEach(function (td) {
      var at = spot(td.dataset.at), on = at.row >= box.top && at.row <= box.bottom && at.column >= box.left && at.column <= box.right;
      td.classList.toggle('is-chosen', on);
      td.setAttribute('aria-selected', String(on));
      td.tabIndex = td.dataset.at === last ? 0 : -1;
    });
    var field = document.getElementById('range');
    if (field) field.value = words(box);
  }
  function load() {
    if (!document.getElementById('range')) return;
    var url = host().dataset.alLayout + '?at=' + encodeURIComponent(words(range(start, last)));
    return window.htmx.ajax('GET', url, { target: '#layout', swap: 'outerHTML' });
  }
  function choose(at, extend) {
    if (!extend || !start) start = at;
    last = at;
    show();
  }
  document.addEventListener('pointerdown', function (e) {
    var td = e.target.closest('.al-lay--design td[data-at]');
    if (!td || e.button) return;
    choose(td.dataset.at, e.shiftKey);
    drawing = e.pointerType === 'mouse';
  });
  document.addEventListener('pointerover', function (e) {
    var td = drawing && e.target.closest && e.target.closest('.al-lay--design td[data-at]');
    if (td && td.dataset.at !== last) choose(td.dataset.at, true);
  });
  document.addEventListener('pointerup', function (e) {
    if (!e.target.closest || !e.target.closest('.al-lay--design td[data-at]')) { drawing = false; return; }
    drawing = false;
    load();
  });
  function step(at, key) {
    var here = spot(at), td = cell(at), ways = { ArrowUp: [-1, 0], ArrowDown: [td.rowSpan, 0], ArrowLeft: [0, -1], ArrowRight: [0, td.colSpan] }, way = ways[key];
    for (var tries = 0; tries < 60; tries += 1) {
      here = { row: here.row + way[0], column: here.column + way[1] };
      var next = here.column > 0 && here.row > 0 ? cell(letters(here.column) + here.row) : null;
      if (next) return next.dataset.at;
      if (here.row < 1 || here.column < 1) return at;
      way = [way[0] && way[0] / Math.abs(way[0]), way[1] && way[1] / Math.abs(way[1])];
    }
    return at;
  }
  document.addEventListener('keydown', function (e) {
    var td = e.target.closest && e.target.closest('.al-lay--design td[data-at]');
    if (!td) return;
    if (e.key.indexOf('Arrow') === 0) {
      e.preventDefault();
      choose(step(td.dataset.at, e.key), e.shiftKey);
      cell(last).focus();
    } else if (e.key === 'Enter' || e.key === ' ') {
      e.preventDefault();
      if (!start) choose(td.dataset.at, false);
      var done = load();
      if (done && done.then) done.then(function () { var first = document.querySelector('#cell select, #cell input:not([type=hidden])'); if (first) first.focus(); });
    } else if (e.key === 'Delete') {
      var clear = document.querySelector('#cell [value="clear"]');
      if (clear) clear.click();
    }
  });
  function begin() {
    var at = host() ? host().dataset.at : '';
    if (at) { start = at.split(':')[0]; last = at.split(':')[1] || start; if (!cell(start)) start = last = cells()[0].dataset.at; }
    var first = (last && cell(last)) || cells()[0];
    if (first) first.tabIndex = 0;
  }
  document.addEventListener('DOMContentLoaded', begin);
  document.addEventListener('htmx:afterSettle', function (e) { if (e.detail.elt.id === 'layout' || e.detail.target && e.detail.target.id === 'layout') begin(); });
})();
