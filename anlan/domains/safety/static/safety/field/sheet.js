/* One sheet: questions drawn from the version the task was issued with; every touch is kept at once. */
(function () {
  'use strict';
  var Field = window.Field, el = Field.el, TONES = { pass: 'done', fail: 'late', not_applicable: 'idle' }, ICONS = { pass: 'check', fail: 'x', not_applicable: 'minus' };
  function answerOf(sheet, question) {
    return sheet.answers[question.uid] || { uid: Field.uid(), question: question.uid, value: null, note: '', photos: [], score: null, at: Field.now() };
  }
  function holds(sheet, condition) {
    if (!condition.question) return condition.fact ? sheet.facts[condition.fact] == null || condition.among.indexOf(String(sheet.facts[condition.fact])) >= 0 : true;
    var given = sheet.answers[condition.question];
    return Boolean(given && [].concat(given.value).some(function (one) { return condition.among.indexOf(one) >= 0; }));
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
  function plain(given, question, changed) {
    var kinds = { number: 'text', date: 'date', time: 'time', text: 'text' }, long = question.type === 'long_text';
    var input = el(long ? 'textarea' : 'input', { class: 'form-control', id: 'a' + question.uid, type: long ? null : kinds[question.type] || 'text', inputmode: question.type === 'number' ? 'decimal' : null, oninput: function () { given.value = input.value; changed.touch(); }, onchange: function () { given.value = input.value; changed(); } });
    input.value = given.value || '';
    return el('div', { class: 'al-field' }, [el('label', { class: 'form-label', for: 'a' + question.uid }, ['填写']), input]);
  }
  function placed(given, question, changed) {
    function typed() { given.value = Object.assign({ reference: 'wgs84' }, given.value, { place: input.value }); changed.touch(); }
    var input = el('input', { class: 'form-control', oninput: typed, onchange: function () { typed(); changed(); } });
    input.value = given.value ? given.value.place || '' : '';
    return el('div', {}, [Field.field('a' + question.uid, '在哪里', input), el('button', { type: 'button', class: 'btn btn-default', onclick: function () {
      Field.locate(function (fix) { given.value = { lat: fix.lat, lng: fix.lng, accuracy: fix.accuracy, reference: 'wgs84', place: input.value }; changed(); }, function () { input.placeholder = '没有定位，请写明地点'; input.focus(); });
    } }, [Field.icon('map-pin'), '定位'])]);
  }
  function table(given, question, changed) {
    var rows = given.value || [];
    return el('div', {}, rows.map(function (row, at) {
      return el('fieldset', { class: 'al-fieldset' }, [el('legend', { class: 'form-label' }, ['第 ' + (at + 1) + ' 行'])].concat(question.columns.map(function (column) {
        var input = el('input', { class: 'form-control', type: { date: 'date', time: 'time' }[column.type] || 'text', oninput: function () { row[column.code] = input.value; given.value = rows; changed.touch(); }, onchange: function () { changed(true); } });
        input.value = row[column.code] || '';
        return Field.field('a' + question.uid + at + column.code, column.label, input);
      })));
    }).concat([el('button', { type: 'button', class: 'btn btn-default', onclick: function () { given.value = rows.concat([{}]); changed(); } }, ['加一行'])]));
  }
  function confirmed(given, question, changed) {
    return el('label', { class: 'form-check' }, [el('input', { type: 'checkbox', class: 'form-check-input', checked: Boolean(given.value), onchange: function (event) { given.value = event.target.checked ? 'confirmed' : null; changed(); } }), el('span', { class: 'form-check-label' }, ['本人确认并签名'])]);
  }
  function attached(sheet, given, question, changed) {
    return Field.photos(sheet, given.value || [], sheet.caption || '', function (list) { if (list !== 'same') given.value = list.length ? list : null; changed(); });
  }
  function control(sheet, given, question, changed) {
    var special = { location: placed, table: table, signature: confirmed }[question.type];
    if (question.type === 'photo') return null;
    if (question.type === 'file') return attached(sheet, given, question, changed);
    return special ? special(given, question, changed) : (question.choices.length ? choices : plain)(given, question, changed);
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
      } }), el('span', {}, [ICONS[choice.verdict] ? Field.icon(ICONS[choice.verdict]) : null, choice.label])]);
    }))]);
  }
  function more(sheet, given, question, changed) {
    var note = el('textarea', { class: 'form-control', id: 'n' + question.uid, rows: 2, oninput: function () { given.note = note.value; changed.touch(); }, onchange: function () { given.note = note.value; changed(true); } });
    note.value = given.note;
    var quick = el('div', { class: 'al-quick' }, question.phrases.map(function (phrase) {
      return el('button', { type: 'button', onclick: function () { note.value = note.value ? note.value + '；' + phrase : phrase; given.note = note.value; changed(true); } }, [phrase]);
    }));
    return el('div', { class: 'mt-3' }, [el('div', { class: 'al-field' }, [el('label', { class: 'form-label', for: 'n' + question.uid }, [given.value === 'fail' ? '哪里不合格' : '说明']), note, quick]), Field.photos(sheet, given.photos, sheet.caption || '', function (list) { if (list !== 'same') given.photos = list; changed(); })]);
  }
  /* One question as a card; answered ones fold to a line unless they are open. */
  Field.item = function (sheet, one, number, open, reopen) {
    var question = one.question, given = answerOf(sheet, question), settled = !lacks(sheet, question) && sheet.answers[question.uid];
    function touch() { given.at = Field.now(); sheet.answers[question.uid] = given; }
    function changed(quiet) {
      touch();
      if (sheet.fields) delete sheet.fields[question.uid];
      Field.keep(sheet).then(function () { reopen(question.uid, quiet === true); });
    }
    changed.touch = touch;
    var head = el('div', { class: 'al-item__h' }, [el('span', { class: 'al-item__no' }, [String(number)]), el('h3', { id: 'i' + question.uid }, [question.text])]);
    if (settled && !open) {
      var words = question.choices.filter(function (choice) { return choice.code === given.value; })[0];
      head.appendChild(Field.chip(words ? TONES[words.verdict] || 'done' : 'done', words ? words.label : '已填'));
      return el('div', { class: 'al-item is-collapsed', 'aria-labelledby': 'i' + question.uid, tabindex: '0', role: 'button', onclick: function () { reopen(question.uid); }, onkeydown: function (event) { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); reopen(question.uid); } } }, [head]);
    }
    var body = control(sheet, given, question, changed);
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
