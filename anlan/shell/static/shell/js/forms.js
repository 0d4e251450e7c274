/* Forms: chosen labels, quick phrases, passwords, scores. */
(function () {
  'use strict';
  function mark(input) {
    var group = input.closest('.al-choice');
    if (!group) return;
    Array.prototype.forEach.call(group.querySelectorAll('label'), function (label) {
      var box = label.querySelector('input');
      if (box) label.classList.toggle('is-on', box.checked);
    });
    var item = group.classList.contains('al-choice--big') ? input.closest('[data-al-item]') : null;
    if (item) item.classList.toggle('is-failed', input.dataset.alFails === '1' && input.checked);
  }
  function markAll(where) { Array.prototype.forEach.call(where.querySelectorAll('.al-choice input:checked'), mark); }
  document.addEventListener('change', function (e) { if (e.target.matches('.al-choice input')) mark(e.target); });
  document.addEventListener('DOMContentLoaded', function () { markAll(document); });
  document.addEventListener('htmx:afterSettle', function (e) { markAll(e.detail.elt); });
  function insert(area, text) {
    area.value = area.value ? area.value.replace(/[，。；]?$/, '，') + text : text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
    area.focus();
  }
  document.addEventListener('click', function (e) {
    var phrase = e.target.closest('[data-al-insert]');
    if (phrase) insert(document.getElementById(phrase.dataset.alInsert), phrase.textContent.trim());
    var eye = e.target.closest('[data-al-reveal]');
    if (eye) {
      var field = document.getElementById(eye.dataset.alReveal), shown = field.type === 'text';
      field.type = shown ? 'password' : 'text';
      eye.setAttribute('aria-pressed', String(!shown));
    }
    var step = e.target.closest('[data-al-step]');
    if (step) {
      var box = step.parentNode.querySelector('input'), next = (parseFloat(box.value) || 0) + parseFloat(step.dataset.alStep);
      box.value = Math.max(0, Math.min(parseFloat(box.dataset.alMost), next));
      box.dispatchEvent(new Event('input', { bubbles: true }));
    }
    var opened = e.target.closest('[data-al-preview]');
    if (opened) {
      var desk = opened.closest('.al-evid');
      Array.prototype.forEach.call(desk.querySelectorAll('[data-al-preview]'), function (b) { b.setAttribute('aria-pressed', String(b === opened)); });
    }
  });
  /* A score below the self-assessment makes the reason required. */
  document.addEventListener('input', function (e) {
    var own = e.target.dataset ? e.target.dataset.alOwn : undefined;
    if (own === undefined) return;
    var reason = document.getElementById(e.target.dataset.alReason), below = parseFloat(e.target.value) < parseFloat(own);
    if (reason) reason.required = below;
    var note = document.getElementById(e.target.id + '-h');
    if (note) note.textContent = below ? '比自评低 ' + (parseFloat(own) - parseFloat(e.target.value)) + ' 分，需要写扣分理由' : '';
  });
})();
