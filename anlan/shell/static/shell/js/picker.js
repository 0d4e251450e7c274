/* Combobox for schools and people: <div data-al-picker data-url data-name data-multiple>. Answers are JSON rows value, label, note. */
(function () {
  'use strict';
  function Picker(box) {
    this.box = box; this.input = box.querySelector('[role=combobox]'); this.list = box.parentNode.querySelector('[role=listbox]');
    this.rows = []; this.at = -1; this.timer = 0;
    var me = this;
    this.input.addEventListener('input', function () { window.clearTimeout(me.timer); me.timer = window.setTimeout(function () { me.ask(); }, 250); });
    this.input.addEventListener('focus', function () { me.ask(); });
    this.input.addEventListener('keydown', function (e) { me.key(e); });
    this.input.addEventListener('blur', function () { window.setTimeout(function () { me.close(); }, 150); });
    this.list.addEventListener('mousedown', function (e) { var row = e.target.closest('[role=option]'); if (row) { e.preventDefault(); me.choose(Number(row.dataset.n)); } });
    box.addEventListener('click', function (e) { var drop = e.target.closest('[data-al-drop]'); if (drop) { drop.closest('.al-token').remove(); me.changed(); me.input.focus(); } });
  }
  Picker.prototype.ask = function () {
    var me = this, request = new XMLHttpRequest(), url = me.box.dataset.url;
    request.open('GET', url + (url.indexOf('?') < 0 ? '?' : '&') + 'q=' + encodeURIComponent(me.input.value));
    request.onload = function () { if (request.status === 200) me.show(JSON.parse(request.responseText).rows); };
    request.send();
  };
  Picker.prototype.show = function (rows) {
    var me = this;
    me.rows = rows; me.at = -1; me.list.textContent = '';
    rows.forEach(function (row, n) {
      var option = document.createElement('li'), small = document.createElement('small');
      option.setAttribute('role', 'option'); option.id = me.list.id + '-' + n; option.dataset.n = n; option.setAttribute('aria-selected', 'false');
      option.textContent = row.label;
      if (row.note) { small.textContent = row.note; option.appendChild(small); }
      me.list.appendChild(option);
    });
    if (!rows.length) { var none = document.createElement('li'); none.className = 'al-pick__none'; none.setAttribute('role', 'option'); none.setAttribute('aria-disabled', 'true'); none.textContent = '没有找到，换个字试试'; me.list.appendChild(none); }
    me.list.hidden = false; me.input.setAttribute('aria-expanded', 'true');
  };
  Picker.prototype.close = function () { this.list.hidden = true; this.at = -1; this.input.setAttribute('aria-expanded', 'false'); this.input.removeAttribute('aria-activedescendant'); };
  Picker.prototype.move = function (by) {
    var rows = this.list.querySelectorAll('[data-n]');
    if (!rows.length) return;
    if (this.at >= 0) rows[this.at].setAttribute('aria-selected', 'false');
    this.at = (this.at + by + rows.length) % rows.length;
    rows[this.at].setAttribute('aria-selected', 'true'); rows[this.at].scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', rows[this.at].id);
  };
  Picker.prototype.key = function (e) {
    if (e.key === 'ArrowDown') { e.preventDefault(); if (this.list.hidden) this.ask(); else this.move(1); }
    else if (e.key === 'ArrowUp') { e.preventDefault(); this.move(-1); }
    else if (e.key === 'Enter' && this.at >= 0) { e.preventDefault(); this.choose(this.at); }
    else if (e.key === 'Escape' && !this.list.hidden) { e.stopPropagation(); this.close(); }
    else if (e.key === 'Backspace' && !this.input.value) { var last = this.box.querySelector('.al-token:last-of-type'); if (last) { last.remove(); this.changed(); } }
  };
  Picker.prototype.choose = function (n) {
    var row = this.rows[n], token = document.createElement('span'), hidden = document.createElement('input'), drop = document.createElement('button');
    if (!this.box.hasAttribute('data-multiple')) Array.prototype.forEach.call(this.box.querySelectorAll('.al-token'), function (t) { t.remove(); });
    if (this.box.querySelector('input[type=hidden][value="' + String(row.value).replace(/"/g, '') + '"]')) { this.close(); return; }
    token.className = 'al-token'; token.textContent = row.label;
    hidden.type = 'hidden'; hidden.name = this.box.dataset.name; hidden.value = row.value;
    drop.type = 'button'; drop.setAttribute('data-al-drop', ''); drop.setAttribute('aria-label', '移除' + row.label); drop.textContent = '×';
    token.appendChild(hidden); token.appendChild(drop);
    this.box.insertBefore(token, this.input);
    this.input.value = ''; this.close(); this.changed();
  };
  Picker.prototype.changed = function () { this.box.dispatchEvent(new Event('input', { bubbles: true })); this.box.dispatchEvent(new Event('change', { bubbles: true })); };
  function start(where) {
    Array.prototype.forEach.call(where.querySelectorAll('[data-al-picker]'), function (box) { if (!box.alPicker) box.alPicker = new Picker(box); });
  }
  document.addEventListener('DOMContentLoaded', function () { start(document); });
  document.addEventListener('htmx:afterSettle', function (e) { start(e.detail.elt.parentNode || document); });
})();
