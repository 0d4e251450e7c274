/* One sheet: questions drawn from the version the task was issued with; every touch is kept at once. */
(function () {
  'use strict';
  var Field = window.Field, el = Field.el, TONES = { pass: 'done', fail: 'late', not_applicable: 'idle' };
  function answerOf(sheet, question) {
    return sheet.answers[question.uid] || { uid: Field.uid(), question: question.uid, value: null, note: '', photos: [], score: null, at: Field.now() };
  }
  function holds(sheet, condition) {
    if (!condition.question) return condition.fact ? sheet.facts[condition.fact] == null || condition.among.indexOf(String(sheet.facts[condition.fact])) >= 0 : true;
    var given = sheet.answers[condition.question];
    return Boolean(given && condition.among.indexOf(given.value) >= 0);
  }
  function asked(form, sheet) {
    return form.content.sections.reduce(function (all, section) {
      return all.concat(section.questions.filter(function (question) { return question.shown_if.every(function (one) { return holds(sheet, one); }); })
        .map(function (question) { return { section: section.title, question: question }; }));
    }, []);
  }
  function lacks(sheet, question) {
    var given = sheet.answers[question.uid], empty = !given || given.value == null || given.value === '' || (given.value.length === 0);
    if (empty && !(question.type === 'photo' && given && given.photos.length)) return question.required;
    return question.evidence.some(function (rule) {
      if (rule.when.indexOf('any') < 0 && rule.when.indexOf(given.value) < 0) return false;
      var photos = given.photos.length >= rule.photos, note = !rule.note || given.note.trim() !== '';
      return rule.either ? !(given.photos.length || given.note.trim()) : !(photos && note);
    });
  }
  Field.asked = asked;
  Field.lacks = lacks;
  function photos(sheet, given, changed) {
    var box = el('div', { class: 'al-thumbs', role: 'group', 'aria-label': '现场照片' });
    given.photos.forEach(function (uid) {
      var file = sheet.files[uid], thumb = el('span', { class: 'al-thumb' }), words = file && (file.sent ? '已上传' : (file.failed ? '重传' : '待上传'));
      Field.store.getBytes('file', uid).then(function (bytes) {
        var picture = bytes ? el('img', { src: URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })), alt: '现场照片', width: 72, height: 72 }) : el('span', { class: 'al-thumb__name' }, ['照片']);
        thumb.insertBefore(picture, thumb.firstChild);
      });
      thumb.appendChild(el('span', { class: 'al-thumb__s' }, [words || '']));
      thumb.appendChild(el('button', { type: 'button', class: 'al-thumb__x', 'aria-label': '移除照片', onclick: function () {
        given.photos = given.photos.filter(function (one) { return one !== uid; });
        delete sheet.files[uid];
        Field.store.remove('file', uid).then(changed);
      } }, ['×']));
      box.appendChild(thumb);
    });
    box.appendChild(el('label', { class: 'al-add' }, [Field.icon('camera'), '拍照', el('input', { class: 'visually-hidden', type: 'file', accept: 'image/*', capture: 'environment', 'aria-label': '拍照', onchange: function (event) {
      var file = event.target.files[0], uid = Field.uid();
      if (!file) return;
      Field.shrink(file).then(function (bytes) {
        return Field.store.putBytes('file', uid, bytes).then(function () {
          sheet.files[uid] = { name: uid + '.jpg', taken: Field.now(), sent: false };
          given.photos = given.photos.concat([uid]);
          changed();
        });
      });
    } })]));
    return box;
  }
  function plain(given, question, changed) {
    var kinds = { number: 'text', date: 'date', time: 'time', text: 'text' }, long = question.type === 'long_text';
    var input = el(long ? 'textarea' : 'input', { class: 'form-control', id: 'a' + question.uid, type: long ? null : kinds[question.type] || 'text', inputmode: question.type === 'number' ? 'decimal' : null, onchange: function () { given.value = input.value; changed(); } });
    input.value = given.value || '';
    return el('div', { class: 'al-field' }, [el('label', { class: 'form-label', for: 'a' + question.uid }, ['填写']), input]);
  }
  function choices(given, question, changed) {
    var many = question.type === 'multi';
    return el('fieldset', { class: 'al-fieldset' }, [el('legend', { class: 'visually-hidden' }, [question.text]), el('div', { class: 'al-choice al-choice--big' }, question.choices.map(function (choice) {
      var chosen = many ? (given.value || []).indexOf(choice.code) >= 0 : given.value === choice.code;
      var tone = TONES[choice.verdict] ? ' is-' + TONES[choice.verdict] : '';
      return el('label', { class: chosen ? 'is-on' + tone : null }, [el('input', { type: many ? 'checkbox' : 'radio', name: 'q-' + question.uid, value: choice.code, checked: chosen, onchange: function (event) {
        if (many) given.value = (given.value || []).filter(function (one) { return one !== choice.code; }).concat(event.target.checked ? [choice.code] : []);
        else given.value = choice.code;
        changed();
      } }), el('span', {}, [choice.label])]);
    }))]);
  }
  function more(sheet, given, question, changed) {
    var note = el('textarea', { class: 'form-control', id: 'n' + question.uid, rows: 2, onchange: function () { given.note = note.value; changed(true); } });
    note.value = given.note;
    var quick = el('div', { class: 'al-quick' }, question.phrases.map(function (phrase) {
      return el('button', { type: 'button', onclick: function () { note.value = note.value ? note.value + '；' + phrase : phrase; given.note = note.value; changed(true); } }, [phrase]);
    }));
    return el('div', {}, [el('div', { class: 'al-field' }, [el('label', { class: 'form-label', for: 'n' + question.uid }, [given.value === 'fail' ? '哪里不合格' : '说明']), note, quick]), photos(sheet, given, changed)]);
  }
  /* One question as a card; answered ones fold to a line unless they are open. */
  Field.item = function (sheet, one, number, open, reopen) {
    var question = one.question, given = answerOf(sheet, question), settled = !lacks(sheet, question) && sheet.answers[question.uid];
    function changed(quiet) {
      given.at = Field.now(); sheet.answers[question.uid] = given;
      if (sheet.fields) delete sheet.fields[question.uid];
      Field.keep(sheet).then(function () { reopen(question.uid, quiet === true); });
    }
    var head = el('div', { class: 'al-item__h' }, [el('span', { class: 'al-item__no' }, [String(number)]), el('h3', { id: 'i' + question.uid }, [question.text])]);
    if (settled && !open) {
      var words = question.choices.filter(function (choice) { return choice.code === given.value; })[0];
      head.appendChild(Field.chip(words ? TONES[words.verdict] || 'done' : 'done', words ? words.label : '已填'));
      return el('div', { class: 'al-item is-collapsed', 'aria-labelledby': 'i' + question.uid, tabindex: '0', role: 'button', onclick: function () { reopen(question.uid); }, onkeydown: function (event) { if (event.key === 'Enter') reopen(question.uid); } }, [head]);
    }
    var body = question.choices.length ? choices(given, question, changed) : (question.type === 'photo' ? null : plain(given, question, changed));
    var why = [question.hint, question.standard, question.basis].filter(Boolean).join('；'), wrong = sheet.fields && sheet.fields[question.uid];
    return el('section', { class: 'al-item' + (given.value === 'fail' ? ' is-failed' : ''), 'aria-labelledby': 'i' + question.uid }, [
      head,
      why ? el('details', { class: 'al-item__how' }, [el('summary', { class: 'al-item__why' }, ['检查方法与依据']), el('p', { class: 'al-meta' }, [why])]) : null,
      wrong ? el('p', { class: 'invalid-feedback d-block', role: 'alert' }, [wrong.join('；')]) : null,
      body,
      given.value || question.type === 'photo' ? more(sheet, given, question, changed) : null,
    ]);
  };
})();
