/* Errands that need no sheet: a quick report, a rectification, a school's own special check. Each is kept while it is filled in, and sent from the outbox. */
(function () {
  'use strict';
  var Field = window.Field, el = Field.el, begun = {};
  function find(kind, about) {
    return Field.store.all('errand').then(function (list) {
      return list.filter(function (one) { return one.errand === kind && String(one.about || '') === String(about || '') && one.state !== 'sent'; })[0];
    });
  }
  /* A report named in the address, or the one being written; those that wait do not stand in the way of the next. */
  function ownReport(uid) {
    return Field.store.all('errand').then(function (list) {
      return list.filter(function (one) { return one.errand === 'quick' && (uid ? one.uid === uid : one.state === 'open'); })[0];
    });
  }
  /* The same one until it is handed in or dropped: a page drawn twice must not begin twice. */
  function begin(kind, about, slot, title, version) {
    var key = [kind, about || '', title].join('/');
    if (!begun[key] || begun[key].state !== 'open') begun[key] = blank(kind, about, slot, title, version);
    return begun[key];
  }
  function blank(kind, about, slot, title, version) {
    return { uid: Field.uid(), errand: kind, about: about, slot: slot, title: title, version: version, values: {}, photos: [], files: {}, state: 'open', message: '', fields: {}, made: Field.now() };
  }
  function written(errand, name, label, long, mark, hint) {
    var input = el(long ? 'textarea' : 'input', { class: 'form-control', rows: long ? 3 : null, autocomplete: 'off', placeholder: hint || null, oninput: function () { errand.values[name] = input.value; }, onchange: function () { Field.keep(errand); } });
    input.value = errand.values[name] || '';
    return wrong(errand, name, Field.field('f-' + name, label, input, mark));
  }
  function wrong(errand, name, box) {
    var said = errand.fields && errand.fields[name];
    if (said) box.appendChild(el('p', { class: 'invalid-feedback d-block', role: 'alert' }, [[].concat(said).join('；')]));
    return box;
  }
  function picked(errand, name, label, choices) {
    var select = el('select', { class: 'form-select', onchange: function () { errand.values[name] = select.value; Field.keep(errand); } }, choices.map(function (one) { return el('option', { value: one.id }, [one.name || one.title]); }));
    if (errand.values[name] == null && choices.length) errand.values[name] = String(choices[0].id);
    select.value = errand.values[name] || '';
    return wrong(errand, name, Field.field('f-' + name, label, select));
  }
  function choice(name, legend, options, value, chosen, big) {
    return el('fieldset', { class: 'al-fieldset al-field' }, [el('legend', { class: big ? 'visually-hidden' : 'form-label' }, [legend]), el('div', { class: 'al-choice' + (big ? ' al-choice--big' : '') }, options.map(function (one) {
      return el('label', { class: value === one.code ? 'is-on' + (one.tone ? ' is-' + one.tone : '') : null }, [el('input', { type: 'radio', name: name, value: one.code, checked: value === one.code, onchange: function () { chosen(one.code); } }), el('span', {}, [one.label])]);
    }))]);
  }
  function pictures(errand, caption, label, mark) {
    return wrong(errand, errand.slot, el('section', { class: 'al-item', 'aria-labelledby': 'photos-h' }, [el('h2', { id: 'photos-h', class: 'h3' }, [label, mark ? el('span', { class: 'al-req' }, [' ' + mark]) : null]), Field.photos(errand, errand.photos, caption, function (list) {
      if (list !== 'same') errand.photos = list;
      Field.keep(errand).then(Field.draw);
    })]));
  }
  function send(errand) {
    document.activeElement.blur();
    errand.state = 'waiting'; errand.submitted = Field.now(); errand.message = ''; errand.fields = {};
    return Field.keep(errand).then(function () { window.location.hash = errand.back || '#/'; return Field.sync(); }).then(Field.refresh);
  }
  function closing(errand) {
    if (errand.state === 'open') return null;
    return el('div', { class: 'd-flex gap-2' }, [
      el('button', { type: 'button', class: 'btn btn-default', onclick: function () { errand.state = 'open'; errand.version = null; Field.keep(errand).then(Field.draw); } }, ['改了再发']),
      el('button', { type: 'button', class: 'btn btn-danger', onclick: function () { Field.outbox.drop(errand).then(function () { window.location.hash = '#/'; }); } }, ['删除这份']),
    ]);
  }
  function page(errand, title, subtitle, parts, verb, lacking) {
    return { title: title, subtitle: subtitle, back: errand.back, closed: errand.state !== 'open', message: errand.message, parts: parts.concat([closing(errand)]), verb: verb, act: function () {
      document.activeElement.blur();
      var missing = lacking();
      if (!missing) { send(errand); return; }
      errand.message = missing;
      Field.keep(errand).then(Field.draw);
    } };
  }
  function report(uid) {
    return Promise.all([ownReport(uid), Field.store.get('quick', 'all')]).then(function (found) {
      var known = found[1], errand = found[0] || begin('quick', 0, 'photo', '随手报', null);
      if (!known) return null;
      var parts = [
        pictures(errand, known.units.length === 1 ? known.units[0].name : '', '拍下来'),
        el('section', { class: 'al-item' }, [
          known.units.length > 1 ? picked(errand, 'org', '学校', known.units) : null,
          picked(errand, 'kind', '类别', known.kinds),
          written(errand, 'place', '地点', false, '必填', '例如：教学楼二层东侧'),
          written(errand, 'text', '情况说明', true),
          choice('urgency', '紧急程度', [{ code: 'normal', label: '一般' }, { code: 'urgent', label: '紧急', tone: 'late' }], errand.values.urgency || 'normal', function (code) { errand.values.urgency = code; Field.keep(errand).then(Field.draw); }),
          el('label', { class: 'form-check' }, [el('input', { type: 'checkbox', class: 'form-check-input', checked: Boolean(errand.values.hidden), onchange: function (event) { errand.values.hidden = event.target.checked; Field.keep(errand); } }), el('span', { class: 'form-check-label' }, ['不显示我的姓名'])]),
        ]),
      ];
      if (known.units.length === 1) errand.values.org = known.units[0].id;
      return page(errand, '随手报', '没有网络也能报，有网自动发出', parts, '上报', function () {
        if (!errand.photos.length && !(errand.values.text || '').trim()) return '请拍一张照片，或写一句说明';
        return (errand.values.place || '').trim() ? '' : '请写明地点';
      });
    });
  }
  function rectify(id) {
    return Promise.all([find('rectify', id), Field.store.get('hazard', id)]).then(function (found) {
      var hazard = found[1], errand = found[0];
      if (!errand && !hazard) return null;
      errand = errand || begin('rectify', id, 'after', hazard.title, hazard.version);
      hazard = hazard || { title: errand.title, school: '', place: '', detail: '', due: '', opinion: '' };
      if (hazard.reported_up != null) errand.values.reported_up = hazard.reported_up;
      var facts = [hazard.place, hazard.detail, hazard.due ? '期限 ' + hazard.due : ''].filter(Boolean);
      return page(errand, hazard.title, [hazard.number, hazard.school].filter(Boolean).join('，'), [
        el('section', { class: 'al-item' }, facts.map(function (said) { return el('p', { class: 'mb-1' }, [said]); }).concat([hazard.opinion ? el('p', { role: 'note' }, ['退回意见：' + hazard.opinion]) : null])),
        pictures(errand, hazard.school, '整改后照片', '至少 1 张'),
        el('section', { class: 'al-item' }, [written(errand, 'measure', '整改措施', true, '必填'), written(errand, 'cost', '整改经费（元）', false)]),
      ], '提交整改', function () {
        if (!(errand.values.measure || '').trim()) return '请写明整改措施';
        return errand.photos.length ? '' : '请拍整改后的照片';
      });
    });
  }
  function checkItem(errand, part, item, at) {
    var given = errand.values.items[item.id], text = el('textarea', { class: 'form-control', rows: 2, oninput: function () { given[1] = text.value; }, onchange: function () { Field.keep(errand); } });
    text.value = given[1];
    return el('section', { class: 'al-item' + (given[0] === 'fail' ? ' is-failed' : ''), 'aria-labelledby': 'p' + item.id }, [
      el('div', { class: 'al-item__h' }, [el('span', { class: 'al-item__no' }, [String(at + 1)]), el('h3', { id: 'p' + item.id }, [item.wording])]),
      el('p', { class: 'al-meta' }, [item.standard]),
      choice('v' + item.id, item.wording, part.choices.map(function (one) { return { code: one.code, label: one.label, tone: { pass: 'done', fail: 'late', na: 'idle' }[one.code] }; }), given[0], function (code) { given[0] = code; Field.keep(errand).then(Field.draw); }, true),
      given[0] ? wrong(errand, 'text-' + item.id, Field.field('t' + item.id, given[0] === 'fail' ? '哪里不合格' : '说明', text, given[0] === 'fail' ? '必填' : '')) : null,
    ]);
  }
  function selfCheck(id) {
    return Promise.all([find('self_check', id), Field.store.get('part', id)]).then(function (found) {
      var part = found[1], errand = found[0];
      if (!part && errand) part = errand.part;
      if (!part) return null;
      if (!errand) { errand = begin('self_check', id, 'evidence', part.title, part.version); errand.part = part; errand.values.items = {}; }
      part.items.forEach(function (item) { errand.values.items[item.id] = errand.values.items[item.id] || [item.verdict, item.text]; });
      return page(errand, part.title, part.school + '，' + part.due + ' 前', [
        part.opinion ? el('p', { role: 'note' }, ['退回理由：' + part.opinion]) : null,
        el('p', { class: 'al-meta' }, [part.requirements]), el('h2', { class: 'visually-hidden' }, ['检查项目']),
      ].concat(part.items.map(function (item, at) { return checkItem(errand, part, item, at); }), [
        pictures(errand, part.school, '佐证照片'),
        el('section', { class: 'al-item' }, [written(errand, 'findings', '自查情况', true, '必填')]),
      ]), '提交自查', function () {
        var left = part.items.filter(function (item) { var given = errand.values.items[item.id]; return !given[0] || (given[0] === 'fail' && !given[1].trim()); }).length;
        if (left) return '还有 ' + left + ' 项没有填完';
        return (errand.values.findings || '').trim() ? '' : '请写自查情况';
      });
    });
  }
  Field.errands = { report: report, hazard: rectify, part: selfCheck };
  /* What each kind is called and where it is opened; modules that bring a kind of their own add it, with its page and what the list shows of it. */
  Field.kinds = {
    quick: { name: '随手报', at: function (errand) { return '#/report/' + errand.uid; } },
    rectify: { name: '整改', at: function (errand) { return '#/hazard/' + errand.about; } },
    self_check: { name: '专项自查', at: function (errand) { return '#/part/' + errand.about; } },
  };
  Field.sections = [];
  Field.arrivals = [];
  Field.writing = { begin: begin, written: written, choice: choice, pictures: pictures, page: page, wrong: wrong };
})();
