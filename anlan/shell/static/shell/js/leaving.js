/* A field that was changed is judged by the server when it is left: <form data-al-check="…/NAME">. Nothing is stored. */
(function () {
  'use strict';
  function place(input) { return input.closest('.al-field'); }
  function unsay(input, id) {
    var old = document.getElementById(id);
    if (old) old.remove();
    input.classList.remove('is-invalid');
    input.removeAttribute('aria-invalid');
    var rest = (input.getAttribute('aria-describedby') || '').split(' ').filter(function (word) { return word && word !== id; });
    if (rest.length) input.setAttribute('aria-describedby', rest.join(' ')); else input.removeAttribute('aria-describedby');
  }
  function say(input, id, text) {
    var box = document.createElement('div'), field = place(input), hint = field.querySelector('.form-text');
    box.className = 'invalid-feedback d-block'; box.id = id; box.setAttribute('role', 'alert'); box.textContent = text;
    field.insertBefore(box, hint);
    input.classList.add('is-invalid');
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', (id + ' ' + (input.getAttribute('aria-describedby') || '')).trim());
  }
  function judge(input, form) {
    var request = new XMLHttpRequest(), meta = document.querySelector('meta[name="csrf-token"]'), data = new FormData(), id = input.id + '-e', asked = input.value;
    data.append(input.name, asked);
    request.open('POST', form.dataset.alCheck.replace('NAME', input.name));
    request.setRequestHeader('X-CSRFToken', meta ? meta.content : '');
    request.onload = function () {
      if (request.status !== 200 || input.value !== asked) return;
      var errors = JSON.parse(request.responseText).errors;
      unsay(input, id);
      if (errors.length) say(input, id, errors.join('；'));
    };
    request.send(data);
  }
  document.addEventListener('change', function (e) {
    var input = e.target, form = input.form;
    if (!form || !form.dataset.alCheck || !input.name || !input.id || !place(input)) return;
    if (/^(checkbox|radio|file|hidden)$/.test(input.type)) return;
    judge(input, form);
  });
})();
