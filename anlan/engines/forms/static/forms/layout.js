/* Filling a layout: formulas follow what is typed, Enter and arrows go from row to row, a block from Excel is pasted. */
(function () {
  'use strict';
  var waiting = null;
  function fields() { return Array.prototype.slice.call(document.querySelectorAll('.al-lay td.is-asked > input:not([type=hidden]), .al-lay td.is-asked > select')); }
  function say(results) {
    Array.prototype.forEach.call(document.querySelectorAll('[data-al-result]'), function (spot) {
      if (Object.prototype.hasOwnProperty.call(results, spot.dataset.alResult)) spot.textContent = results[spot.dataset.alResult];
    });
  }
  function ask(form) {
    var request = new XMLHttpRequest(), meta = document.querySelector('meta[name="csrf-token"]'), data = new FormData();
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || field.type === 'file' || ((field.type === 'checkbox' || field.type === 'radio') && !field.checked)) return;
      data.append(field.name, field.value);
    });
    request.open('POST', form.dataset.alResults);
    request.setRequestHeader('X-CSRFToken', meta ? meta.content : '');
    request.onload = function () { if (request.status === 200) say(JSON.parse(request.responseText).results); };
    request.send(data);
  }
  document.addEventListener('DOMContentLoaded', function () {
    var form = document.querySelector('form[data-al-results]');
    if (form && document.querySelector('.al-lay td.is-wrong')) ask(form);
  });
  document.addEventListener('input', function (e) {
    var form = e.target.form;
    if (!form || !form.dataset.alResults) return;
    clearTimeout(waiting);
    waiting = setTimeout(function () { ask(form); }, 300);
  });
  function place(field) {
    var cell = field.closest('td'), row = cell.parentNode;
    return { x: cell.getBoundingClientRect().left, row: row.rowIndex };
  }
  function beside(field, way) {
    var here = place(field), best = null, distance = Infinity;
    fields().forEach(function (other) {
      var there = place(other), rows = (there.row - here.row) * way;
      if (rows <= 0) return;
      var far = rows * 10000 + Math.abs(there.x - here.x);
      if (far < distance) { best = other; distance = far; }
    });
    return best;
  }
  document.addEventListener('keydown', function (e) {
    var field = e.target;
    if (!field.matches || !field.matches('.al-lay td.is-asked > input')) return;
    var way = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!way || (field.type !== 'text' && e.key !== 'Enter')) return;
    e.preventDefault();
    var next = beside(field, way);
    if (next) next.focus();
  });
  function fieldAt(row, column) {
    return fields().filter(function (field) {
      var cell = field.closest('td');
      return cell.id === 'i-' + column + row;
    })[0];
  }
  function letters(number) { var said = ''; while (number > 0) { said = String.fromCharCode(65 + (number - 1) % 26) + said; number = Math.floor((number - 1) / 26); } return said; }
  function number(said) { return said.split('').reduce(function (sum, letter) { return sum * 26 + letter.charCodeAt(0) - 64; }, 0); }
  document.addEventListener('paste', function (e) {
    var field = e.target, text = (e.clipboardData || window.clipboardData).getData('text');
    if (!field.matches || !field.matches('.al-lay td.is-asked > input') || !/[\t\n]/.test(text.trim())) return;
    e.preventDefault();
    var start = /^i-([A-Z]+)(\d+)$/.exec(field.closest('td').id);
    text.replace(/\r/g, '').replace(/\n$/, '').split('\n').forEach(function (line, down) {
      line.split('\t').forEach(function (value, across) {
        var there = fieldAt(parseInt(start[2], 10) + down, letters(number(start[1]) + across));
        if (there && there.tagName === 'INPUT') there.value = value.trim();
      });
    });
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
})();
