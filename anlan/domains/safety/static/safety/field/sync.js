/* Taking tasks along and sending what was filled in: answers first, then pictures, then word that they arrived. */
(function () {
  'use strict';
  var Field = window.Field, running = null, DAY = 86400000;
  function version(task) {
    return Field.store.get('version', task.version).then(function (known) {
      return known || Field.get('/forms/versions/' + task.version + '.json').then(function (form) { return Field.store.put('version', task.version, form); });
    });
  }
  function forget(kept) {
    return Field.store.all('task').then(function (tasks) {
      return Promise.all(tasks.map(function (task) {
        return kept[task.id] ? null : Field.store.get('sheet', task.id).then(function (sheet) {
          if (sheet && (sheet.state !== 'sent' || Date.now() - sheet.sent < DAY)) return null;
          return Promise.all([Field.store.remove('task', task.id), Field.store.remove('sheet', task.id)]);
        });
      }));
    });
  }
  function take() {
    return Field.get('/safety/field/tasks.json').then(function (said) {
      var kept = {};
      Field.csrf = said.csrf;
      if (said.user !== Field.user) throw new Error('换了账号');
      said.tasks.forEach(function (task) { kept[task.id] = true; });
      return forget(kept).then(function () {
        return Promise.all(said.tasks.map(function (task) { return Field.store.put('task', task.id, task).then(function () { return version(task); }); }));
      });
    });
  }
  function sheets() { return Field.store.all('sheet'); }
  function keep(sheet) { return Field.store.put('sheet', sheet.task, sheet); }
  function answers(sheet) { return Object.keys(sheet.answers).map(function (question) { return sheet.answers[question]; }); }
  function pictures(sheet) {
    return Object.keys(sheet.files).reduce(function (before, uid) {
      return before.then(function () {
        var file = sheet.files[uid];
        if (file.sent) return null;
        return Field.store.getBytes('file', uid).then(function (bytes) { return Field.upload(uid, file, bytes); }).then(function () {
          file.sent = true; file.failed = '';
          return keep(sheet);
        }, function (error) { file.failed = error.status ? error.message : '没有网络'; return keep(sheet).then(function () { if (!error.status) throw error; }); });
      });
    }, Promise.resolve());
  }
  function all(sheet) { return Object.keys(sheet.files).every(function (uid) { return sheet.files[uid].sent; }); }
  function arrived(sheet) {
    if (!all(sheet)) return null;
    return Field.post('/forms/responses/' + sheet.response + '/files.json').then(function () {
      var uids = Object.keys(sheet.files);
      sheet.state = 'sent'; sheet.sent = Date.now(); sheet.answers = {}; sheet.files = {}; sheet.signature = ''; sheet.location = null;
      return keep(sheet).then(function () { return Promise.all(uids.map(function (uid) { return Field.store.remove('file', uid); })); });
    });
  }
  function refused(sheet, error) {
    if (!error.status || error.status >= 500) throw error;
    if (error.status === 401) throw error;
    sheet.message = error.message; sheet.fields = error.fields;
    sheet.state = error.status === 422 ? 'open' : 'refused';
    return keep(sheet);
  }
  function hand(sheet) {
    var said = { answers: answers(sheet), location: sheet.location, signature: sheet.signature || '', submitted_at: sheet.submitted };
    return Field.post('/safety/field/tasks/' + sheet.task + '/sheet', { uid: sheet.uid, started_at: sheet.started }).then(function (opened) {
      sheet.response = opened.response;
      return Field.post('/forms/responses/' + sheet.response + '/submit.json', said);
    }).then(function () { sheet.state = 'pictures'; sheet.message = ''; return keep(sheet); });
  }
  function send(sheet) {
    var first = sheet.state === 'waiting' ? hand(sheet).catch(function (error) { return refused(sheet, error); }) : Promise.resolve();
    return first.then(function () {
      if (sheet.state !== 'pictures') return null;
      return pictures(sheet).then(function () { return arrived(sheet); });
    });
  }
  function each(list) { return list.reduce(function (before, sheet) { return before.then(function () { return send(sheet); }); }, Promise.resolve()); }
  /* One synchronisation at a time, in this tab and all others. */
  function once() {
    function work() { return take().then(sheets).then(function (list) { return each(list.filter(function (one) { return one.state === 'waiting' || one.state === 'pictures'; })); }).then(take); }
    return navigator.locks ? navigator.locks.request('anlan-field', work) : work();
  }
  Field.sync = function () {
    running = running || once().then(function () { Field.problem = ''; }, function (error) {
      Field.problem = error.status === 401 ? '登录已过期，请重新登录；手机里的内容都在' : (error.status ? error.message : '');
    }).then(function () { running = null; Field.synced = true; });
    return running;
  };
  Field.keep = keep;
  Field.waiting = function () {
    return sheets().then(function (list) { return list.filter(function (one) { return one.state === 'waiting' || one.state === 'pictures'; }).length; });
  };
})();
