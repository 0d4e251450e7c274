/* Keyboard: / search, ? list of keys, J and K through a list or review desk, Ctrl+Enter submits. Off while typing. */
(function () {
  'use strict';
  var KEYS = [['/', '搜索'], ['?', '本表'], ['J 和 K', '下一条、上一条'], ['Enter', '打开'], ['Ctrl+Enter', '提交正在填的表'], ['Esc', '关掉最上面一层']];
  function typing(el) { return /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) || el.isContentEditable; }
  function enabled() { try { return window.localStorage.getItem('al-keys') !== 'off'; } catch (e) { return true; } }
  function step(by) {
    var marks = document.querySelector('[data-al-steps]') ? '[data-al-steps] a' : '.al-table__t, .al-queue__title';
    var links = Array.prototype.slice.call(document.querySelectorAll(marks));
    if (!links.length) return;
    var at = links.indexOf(document.activeElement);
    if (at === -1) at = links.findIndex(function (a) { return a.hasAttribute('aria-current'); });
    var next = links[Math.max(0, Math.min(links.length - 1, at + by))];
    next.focus();
    if (document.querySelector('[data-al-steps]')) next.click();
  }
  function list() {
    var box = document.createElement('dialog');
    box.className = 'al-dialog';
    box.setAttribute('aria-label', '键盘操作');
    var rows = document.createElement('dl');
    rows.className = 'al-keys';
    KEYS.forEach(function (pair) {
      var dt = document.createElement('dt'), dd = document.createElement('dd'), kbd = document.createElement('kbd');
      kbd.textContent = pair[0]; dt.appendChild(kbd); dd.textContent = pair[1];
      rows.appendChild(dt); rows.appendChild(dd);
    });
    var form = document.createElement('form');
    form.method = 'dialog';
    form.innerHTML = '<button class="btn btn-default">关闭</button>';
    box.appendChild(rows); box.appendChild(form);
    document.body.appendChild(box);
    box.addEventListener('close', function () { box.remove(); });
    if (box.showModal) box.showModal();
  }
  document.addEventListener('click', function (e) { if (e.target.closest('[data-al-keys]')) list(); });
  document.addEventListener('keydown', function (e) {
    if (e.key === 'Enter' && e.ctrlKey && e.target.form) {
      var send = e.target.form.querySelector('button[type=submit], button:not([type])');
      if (send) { e.preventDefault(); send.click(); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || !enabled()) return;
    if (e.key === '/') { var q = document.getElementById('gq') || document.getElementById('q'); if (q) { e.preventDefault(); q.focus(); } }
    else if (e.key === '?') list();
    else if (e.key === 'j') step(1);
    else if (e.key === 'k') step(-1);
  });
})();
