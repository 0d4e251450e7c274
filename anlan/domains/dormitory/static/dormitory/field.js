/* The nightly roll call on the field pages: room by room, everybody named once; kept on the phone and sent as every other errand. */
(function () {
  'use strict';
  var Field = window.Field, el = Field.el;
  var MARKS = [{ code: 'present', label: '在', tone: 'done' }, { code: 'leave', label: '请假', tone: 'idle' }, { code: 'late', label: '晚归', tone: 'back' }, { code: 'missing', label: '未归', tone: 'late' }];
  function sent() {
    return Field.store.all('errand').then(function (list) {
      var found = {};
      list.forEach(function (one) { if (one.errand === 'roll_call') found[one.about] = one; });
      return found;
    });
  }
  function standing(mine) {
    if (!mine || mine.state === 'open') return ['todo', '待点名'];
    if (mine.state === 'refused') return ['late', '没有收下'];
    return mine.state === 'sent' ? ['done', '已点名'] : ['back', '存在手机里'];
  }
  Field.sections.push(function () {
    return Promise.all([Field.store.all('roll_call'), sent()]).then(function (found) {
      return { title: '晚点名', lines: found[0].map(function (call) {
        return Field.line('#/roll/' + call.id, call.title + ' ' + call.night.slice(5), call.school + '，' + call.boarders.length + ' 人，' + call.due + ' 前点完', null, standing(found[1][call.id]));
      }) };
    });
  });
  Field.kinds.roll_call = { name: '晚点名', at: function (errand) { return '#/roll/' + errand.about; } };
  function rooms(call) {
    var order = [], by = {};
    call.boarders.forEach(function (one) { if (!by[one.room]) { by[one.room] = []; order.push(one.room); } by[one.room].push(one); });
    return order.map(function (number) { return { number: number, boarders: by[number] }; });
  }
  function left(call, marks) { return call.boarders.filter(function (one) { return !marks[one.id]; }).length; }
  function noted(errand, one) {
    var given = errand.values.marks[one.id], input;
    if (!given || given.mark === 'present') return null;
    input = el('input', { class: 'form-control', autocomplete: 'off', maxlength: 200, oninput: function () { given.note = input.value; }, onchange: function () { Field.keep(errand); } });
    input.value = given.note || '';
    return Field.field('n-' + one.id, '备注', input);
  }
  function person(errand, one) {
    var given = errand.values.marks[one.id], allowed = MARKS.filter(function (mark) { return one.leave || mark.code !== 'leave'; });
    return el('div', { class: 'mb-3' }, [
      el('p', { class: 'mb-1' }, [el('b', {}, [one.bed + ' 床 ' + one.name]), el('span', { class: 'al-meta' }, [' ' + one.class + (one.leave ? '，已请假' : '')])]),
      Field.writing.choice('m' + one.id, one.name, allowed, given ? given.mark : '', function (mark) {
        errand.values.marks[one.id] = { mark: mark, note: given ? given.note : '' };
        Field.keep(errand).then(Field.draw);
      }, true),
      noted(errand, one),
    ]);
  }
  function room(errand, one) {
    function all() {
      one.boarders.forEach(function (pupil) { if (!errand.values.marks[pupil.id]) errand.values.marks[pupil.id] = { mark: pupil.leave ? 'leave' : 'present', note: '' }; });
      Field.keep(errand).then(Field.draw);
    }
    var open = one.boarders.some(function (pupil) { return !errand.values.marks[pupil.id]; });
    return el('section', { class: 'al-item', 'aria-labelledby': 'r-' + one.number }, [
      el('h2', { id: 'r-' + one.number, class: 'h3' }, [one.number + ' 室']),
      open ? el('button', { type: 'button', class: 'btn btn-default mb-3', onclick: all }, ['本室其余全到']) : null,
    ].concat(one.boarders.map(function (pupil) { return person(errand, pupil); })));
  }
  function page(id) {
    return Promise.all([Field.store.get('roll_call', id), sent()]).then(function (found) {
      var call = found[0], errand = found[1][id];
      if (!call && errand) call = errand.answers;
      if (!call || (errand && errand.state === 'sent')) return null;
      if (!errand) { errand = Field.writing.begin('roll_call', id, 'photo', call.title + '晚点名', null); errand.values.marks = errand.values.marks || {}; }
      if (errand.state === 'open') errand.answers = call; /* cleared with the rest once it is sent */
      return Field.writing.page(errand, call.title + '晚点名', call.school + '，' + call.night + '，' + call.due + ' 前点完', rooms(call).map(function (one) { return room(errand, one); }), '提交点名', function () {
        var open = left(call, errand.values.marks);
        if (open) return '还有 ' + open + ' 人没有点';
        errand.values.at = Field.now();
        return '';
      });
    });
  }
  Field.errands.roll = page;
})();
