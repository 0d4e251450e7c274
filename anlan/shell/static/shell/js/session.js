/* Idle sign-out is told a minute before, over whatever is being filled in. Work in the page counts as use; looking for news does not.
   After the end the page is covered and goes on once the same person has signed in again; pages are never shown again from memory. */
(function () {
  'use strict';
  var KEY = 'al-seen', MINUTE = 60000, own = 0, active = 0, over = false;
  function box() { return document.getElementById('idle'); }
  function seen(moment) {
    if (moment) own = moment;
    try {
      if (moment) window.localStorage.setItem(KEY, String(moment));
      return Math.max(own, parseInt(window.localStorage.getItem(KEY), 10) || 0);
    } catch (e) { return own; }
  }
  function part(name) { return box().querySelector('[data-al-slot="' + name + '"]'); }
  function token(value) {
    var meta = document.querySelector('meta[name="csrf-token"]');
    if (!value) return meta ? meta.content : '';
    if (meta) meta.content = value;
    Array.prototype.forEach.call(document.querySelectorAll('input[name="csrfmiddlewaretoken"]'), function (field) { field.value = value; });
    return value;
  }
  function send(method, url, body, done) {
    var request = new XMLHttpRequest();
    request.open(method, url);
    request.setRequestHeader('HX-Request', 'true');
    request.setRequestHeader('X-CSRFToken', token());
    if (body) request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    request.onloadend = function () { done(request); };
    request.send(body);
  }
  function keep(then) {
    send('GET', box().dataset.alKeep, null, function (request) {
      var said = null;
      try { said = request.status === 200 ? JSON.parse(request.responseText) : null; } catch (e) { said = null; }
      if (said && String(said.person) !== box().dataset.alPerson) { window.location.reload(); return; }
      if (said) { seen(Date.now()); token(said.csrf); }
      then(said, request.status);
    });
  }
  function stay() {
    keep(function (said, status) {
      if (said) { over = false; box().classList.remove('is-cover'); box().close(); }
      else if (status) end();
    });
  }
  function cover() {
    over = true;
    part('soon').hidden = true;
    part('gone').hidden = false;
    box().classList.add('is-cover');
    if (!box().open) box().showModal();
  }
  function end() {
    if (over) return;
    over = true;
    send('POST', box().dataset.alLeave, 'idle=1', function () {
      var unsaved = !document.dispatchEvent(new CustomEvent('al-leaving', { cancelable: true }));
      if (unsaved) cover();
      else window.location.replace(box().dataset.alEnter + '?next=' + encodeURIComponent(window.location.pathname + window.location.search));
    });
  }
  function tick() {
    if (over || !box() || !box().showModal) return;
    var now = Date.now(), rest = seen() + parseInt(box().dataset.alIdle, 10) * 1000 - MINUTE - now;
    if (active > seen() + MINUTE && rest > 0) { active = 0; keep(function () {}); return; }
    if (rest <= 0) end();
    else if (rest <= MINUTE) {
      part('left').textContent = String(Math.ceil(rest / 1000));
      if (!box().open) { part('soon').hidden = false; part('gone').hidden = true; box().showModal(); }
    } else if (box().open) box().close();
  }
  document.addEventListener('DOMContentLoaded', function () {
    if (!box()) return;
    seen(Date.now());
    window.setInterval(tick, 1000);
    box().addEventListener('cancel', function (e) { e.preventDefault(); if (!over) stay(); });
    ['input', 'click', 'keydown'].forEach(function (name) { document.addEventListener(name, function () { if (!box().open) active = Date.now(); }); });
  });
  document.addEventListener('click', function (e) {
    if (e.target.closest('[data-al-stay]')) stay();
    if (e.target.closest('[data-al-leave-now]')) end();
  });
  document.addEventListener('htmx:configRequest', function (e) {
    var watching = (e.detail.elt.getAttribute('hx-trigger') || '').indexOf('every') !== -1;
    if (over) e.preventDefault();
    else if (watching && box()) e.detail.headers['X-Watching'] = '1';
    else seen(Date.now());
  });
  window.addEventListener('pageshow', function (e) { if (e.persisted) window.location.reload(); });
})();
