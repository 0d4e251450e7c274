/* Combobox over a lookup of the server: <div data-al-picker data-url data-name data-multiple> with its panel beside it.
   The lookup answers JSON rows value, label, note with their total and whether more follow; ?all=1 answers all of them. */
(function () {
  'use strict';
  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function Picker(box) {
    var me = this, outer = box.parentNode;
    this.box = box; this.outer = outer; this.input = box.querySelector('[role=combobox]'); this.list = outer.querySelector('[role=listbox]');
    this.panel = outer.querySelector('[data-al-panel]'); this.words = outer.querySelector('[data-al-total]'); this.all = outer.querySelector('[data-al-all]');
    this.more = outer.querySelector('[data-al-further]'); this.many = box.hasAttribute('data-multiple');
    this.rows = []; this.at = -1; this.timer = 0; this.page = 1; this.asked = 0; this.ahead = null;
    this.input.addEventListener('input', function (e) { e.stopPropagation(); me.asked += 1; me.ahead = []; window.clearTimeout(me.timer); me.timer = window.setTimeout(function () { me.ask(1); }, 250); });
    this.input.addEventListener('focus', function () { if (me.panel.hidden) me.ask(1); });
    this.input.addEventListener('keydown', function (e) { me.key(e); });
    this.list.addEventListener('mousedown', function (e) { var row = e.target.closest('[data-n]'); e.preventDefault(); if (row) me.choose(Number(row.dataset.n)); });
    this.panel.addEventListener('change', function (e) { e.stopPropagation(); if (e.target.matches('[data-al-narrow]')) me.ask(1); });
    this.panel.addEventListener('keydown', function (e) { if (e.key === 'Escape') { e.stopPropagation(); me.close(); me.input.focus(); } });
    this.more.addEventListener('click', function () { me.ask(me.page + 1); });
    this.all.addEventListener('click', function () { me.take(); });
    outer.addEventListener('click', function (e) {
      if (e.target.closest('[data-al-drop]')) { e.target.closest('.al-token').remove(); me.changed(); me.input.focus(); }
      else if (e.target.closest('[data-al-clear]')) { each(me.tokens(), function (t) { t.remove(); }); me.changed(); me.input.focus(); }
      else if (e.target === box) me.input.focus();
    });
    outer.addEventListener('focusout', function (e) { if (!e.relatedTarget || !outer.contains(e.relatedTarget)) window.setTimeout(function () { if (!outer.contains(document.activeElement)) me.close(); }, 150); });
    this.tally();
  }
  Picker.prototype.tokens = function () { return this.box.querySelectorAll('.al-token'); };
  Picker.prototype.token = function (value) {
    return Array.prototype.slice.call(this.tokens()).filter(function (t) { return t.querySelector('input').value === String(value); })[0];
  };
  Picker.prototype.fetch = function (more, done) {
    var request = new XMLHttpRequest(), url = this.box.dataset.url, said = ['q=' + encodeURIComponent(this.input.value.trim())].concat(more), mine = ++this.asked, me = this;
    each(this.panel.querySelectorAll('[data-al-narrow]'), function (s) { if (s.value) said.push(encodeURIComponent(s.dataset.alNarrow) + '=' + encodeURIComponent(s.value)); });
    request.open('GET', url + (url.indexOf('?') < 0 ? '?' : '&') + said.join('&'));
    request.setRequestHeader('Accept', 'application/json');
    request.onload = function () { if (mine !== me.asked) return; if (request.status === 200) done(JSON.parse(request.responseText)); else me.fail(); };
    request.onerror = function () { if (mine === me.asked) me.fail(); };
    request.send();
  };
  Picker.prototype.fail = function () { this.ahead = null; this.words.textContent = '没有取到，请再试一次'; this.open(); };
  Picker.prototype.ask = function (page) {
    var me = this;
    this.fetch(page > 1 ? ['page=' + page] : [], function (answer) { me.page = page; me.show(answer, page > 1); });
  };
  Picker.prototype.show = function (answer, further) {
    var me = this, total = answer.total === undefined ? answer.rows.length : answer.total, from = further ? this.rows.length : 0;
    if (!further) { this.rows = []; this.list.textContent = ''; this.reach(-1); }
    this.rows = this.rows.concat(answer.rows);
    answer.rows.forEach(function (row, n) { me.list.appendChild(me.option(row, from + n)); });
    if (!this.rows.length) { var none = document.createElement('li'); none.className = 'al-pick__none'; none.setAttribute('role', 'option'); none.setAttribute('aria-disabled', 'true'); none.textContent = '没有找到，换个字或条件试试'; this.list.appendChild(none); }
    this.words.textContent = total > this.rows.length ? '共 ' + total + ' 个，列出 ' + this.rows.length + ' 个' : '共 ' + total + ' 个';
    this.keep(this.more, total > this.rows.length);
    this.keep(this.all, this.many && total > 1);
    this.all.textContent = '全选筛选结果（' + total + '）';
    this.open();
    this.catchUp();
  };
  /* Keys pressed before the answer to what was typed came in are meant for that answer, not for the rows still shown. */
  Picker.prototype.catchUp = function () {
    var me = this, keys = this.ahead || [];
    this.ahead = null;
    keys.forEach(function (key) { if (key === 'Enter') { if (me.at >= 0) me.choose(me.at); } else me.move(key === 'ArrowDown' ? 1 : -1); });
  };
  /* A button that goes while it has the focus would take the focus out of the panel, and the panel would close. */
  Picker.prototype.keep = function (button, wanted) {
    if (!wanted && document.activeElement === button) this.input.focus();
    button.hidden = !wanted;
  };
  Picker.prototype.option = function (row, n) {
    var option = document.createElement('li'), small = document.createElement('small');
    option.setAttribute('role', 'option'); option.id = this.list.id + '-' + n; option.dataset.n = n;
    option.setAttribute('aria-selected', String(Boolean(this.token(row.value))));
    option.textContent = row.label;
    if (row.note) { small.textContent = row.note; option.appendChild(small); }
    return option;
  };
  Picker.prototype.open = function () {
    if (this.panel.hidden) { this.panel.hidden = false; this.panel.scrollIntoView({ block: 'nearest' }); }
    this.input.setAttribute('aria-expanded', 'true');
  };
  Picker.prototype.close = function () { this.panel.hidden = true; this.reach(-1); this.input.setAttribute('aria-expanded', 'false'); };
  Picker.prototype.reach = function (at) {
    var rows = this.list.querySelectorAll('[data-n]');
    if (rows[this.at]) rows[this.at].classList.remove('is-at');
    this.at = at;
    if (rows[at]) { rows[at].classList.add('is-at'); rows[at].scrollIntoView({ block: 'nearest' }); this.input.setAttribute('aria-activedescendant', rows[at].id); }
    else this.input.removeAttribute('aria-activedescendant');
  };
  Picker.prototype.move = function (by) { if (this.rows.length) this.reach((this.at + by + this.rows.length) % this.rows.length); };
  Picker.prototype.key = function (e) {
    if (this.ahead && !e.ctrlKey && /^(ArrowDown|ArrowUp|Enter)$/.test(e.key)) { e.preventDefault(); this.ahead.push(e.key); }
    else if (e.key === 'ArrowDown') { e.preventDefault(); if (this.panel.hidden) this.ask(1); else this.move(1); }
    else if (e.key === 'ArrowUp') { e.preventDefault(); this.move(-1); }
    else if (e.key === 'Enter' && !e.ctrlKey && !this.panel.hidden) { e.preventDefault(); if (this.at >= 0) this.choose(this.at); }
    else if (e.key === 'Escape' && !this.panel.hidden) { e.stopPropagation(); this.close(); }
    else if (e.key === 'Backspace' && !this.input.value) { var own = this.tokens(), last = own[own.length - 1]; if (last) { last.remove(); this.changed(); } }
  };
  Picker.prototype.choose = function (n) {
    var row = this.rows[n], there = this.token(row.value);
    if (there && this.many) there.remove();
    else if (!there) { if (!this.many) each(this.tokens(), function (t) { t.remove(); }); this.put(row); }
    if (this.many) { this.input.focus(); this.input.select(); } else { this.input.value = ''; this.close(); }
    this.changed();
  };
  Picker.prototype.put = function (row) {
    var token = document.createElement('span'), hidden = document.createElement('input'), drop = document.createElement('button');
    token.className = 'al-token'; token.textContent = row.label;
    hidden.type = 'hidden'; hidden.name = this.box.dataset.name; hidden.value = row.value;
    drop.type = 'button'; drop.setAttribute('data-al-drop', ''); drop.setAttribute('aria-label', '移除' + row.label); drop.textContent = '×';
    token.appendChild(hidden); token.appendChild(drop);
    this.box.insertBefore(token, this.input);
  };
  Picker.prototype.take = function () {
    var me = this, known = {};
    this.fetch(['all=1'], function (answer) {
      each(me.tokens(), function (t) { known[t.querySelector('input').value] = true; });
      answer.rows.forEach(function (row) { if (!known[String(row.value)]) me.put(row); });
      me.changed();
      if (answer.rows.length < answer.total) me.words.textContent = '一次最多选 ' + answer.rows.length + ' 个，请缩小条件';
    });
  };
  Picker.prototype.tally = function () {
    var count = this.tokens().length, words = this.outer.querySelector('[data-al-chosen]'), me = this;
    if (words) words.textContent = count ? '已选 ' + count + ' 个' : '还没有选';
    each(this.outer.querySelectorAll('[data-al-clear]'), function (b) { b.hidden = count < 2; });
    each(this.list.querySelectorAll('[data-n]'), function (o) { o.setAttribute('aria-selected', String(Boolean(me.token(me.rows[Number(o.dataset.n)].value)))); });
  };
  Picker.prototype.changed = function () { this.tally(); this.box.dispatchEvent(new Event('input', { bubbles: true })); this.box.dispatchEvent(new Event('change', { bubbles: true })); };
  function start(where) {
    each(where.querySelectorAll('[data-al-picker]'), function (box) { if (!box.alPicker) box.alPicker = new Picker(box); });
  }
  document.addEventListener('DOMContentLoaded', function () { start(document); });
  document.addEventListener('htmx:afterSettle', function (e) { start(e.detail.elt.parentNode || document); });
})();
