/* Taking work along and emptying the outbox; drafts of sheets go up too, so that the office sees how far they are. */
(function () {
  'use strict';
  var Field = window.Field, running = null, again = false, timer = 0, DAY = 86400000;
  function version(task) {
    return Field.store.get('version', task.version).then(function (known) {
      return known || Field.get('/forms/versions/' + task.version + '.json').then(function (form) { return Field.store.put('version', task.version, form); });
    });
  }
  /* The server's answers of a sheet begun elsewhere; merged in when the sheet is opened. */
  function begun(task) {
    if (!task.response) return null;
    return Field.get('/forms/responses/' + task.response + '.json').then(function (said) { return Field.store.put('server', task.id, said); });
  }
  function forget(kind, kept, also) {
    return Field.store.ids(kind).then(function (ids) {
      return Promise.all(ids.map(function (id) { return kept[id] ? null : (also ? also(id) : Field.store.remove(kind, id)); }));
    });
  }
  function goneTask(id) {
    return Field.store.get('sheet', id).then(function (sheet) {
      if (sheet && (sheet.state !== 'sent' || Date.now() - sheet.sent < DAY)) return null;
      return Promise.all(['task', 'sheet', 'server'].map(function (kind) { return Field.store.remove(kind, id); }));
    });
  }
  function keepAll(kind, rows, also) {
    var kept = {};
    rows.forEach(function (row) { kept[row.id] = true; });
    return Promise.all(rows.map(function (row) { return Field.store.put(kind, row.id, row); })).then(function () { return forget(kind, kept, also); });
  }
  function old() {
    return Field.store.all('errand').then(function (list) {
      return Promise.all(list.map(function (one) { return one.state === 'sent' && Date.now() - one.sent > DAY ? Field.outbox.drop(one) : null; }));
    });
  }
  function take() {
    return Field.get('/safety/field/tasks.json').then(function (said) {
      Field.csrf = said.csrf;
      if (said.user !== Field.user) { var other = new Error('这台设备现在登录的是另一个账号；原来的内容都还在'); other.status = 403; throw other; }
      return keepAll('task', said.tasks, goneTask)
        .then(function () { return keepAll('hazard', said.hazards); })
        .then(function () { return keepAll('part', said.parts); })
        .then(function () { return Promise.all(Object.keys(said.brought).map(function (code) { return keepAll(code, said.brought[code]); })); })
        .then(function () { return said.quick ? Field.store.put('quick', 'all', said.quick) : Field.store.remove('quick', 'all'); })
        .then(function () { return Promise.all(said.tasks.map(function (task) { return version(task).then(function () { return begun(task); }); })); })
        .then(old);
    });
  }
  /* Answers of an open sheet go up part-way; what it comes to is kept beside the sheet, never over what is being typed. */
  function draft(sheet) {
    return Promise.all([Field.store.get('pushed', sheet.task), Field.outbox.given(sheet), Field.store.get('task', sheet.task)]).then(function (found) {
      if (!found[2] || found[2].version !== sheet.version) return null;
      var pushed = found[0], done = pushed && pushed.uid === sheet.uid ? pushed : { uid: sheet.uid, at: {} };
      var fresh = found[1].filter(function (one) { return done.at[one.question] !== one.at; });
      if (!fresh.length) return null;
      return Field.post('/safety/field/tasks/' + sheet.task + '/sheet', { uid: sheet.uid, started_at: sheet.started }).then(function (opened) {
        return Field.post('/forms/responses/' + opened.response + '/answers.json', { answers: fresh }).then(function (said) {
          fresh.forEach(function (one) { done.at[one.question] = one.at; });
          if (said.older.length) Field.newer = sheet.task;
          return Field.store.put('pushed', sheet.task, done);
        });
      }).catch(function (error) {
        if (!error.status || error.status === 401 || error.status >= 500) throw error;
        Field.stopped = Field.stopped || {};
        if (error.status !== 422) Field.stopped[sheet.task] = error.message;
      });
    });
  }
  function drafts() {
    return Field.store.all('sheet').then(function (list) {
      return list.filter(function (one) { return one.state === 'open'; }).reduce(function (before, one) { return before.then(function () { return draft(one); }); }, Promise.resolve());
    });
  }
  function each(list) { return list.reduce(function (before, one) { return before.then(function () { return Field.outbox.send(one); }); }, Promise.resolve()); }
  /* One synchronisation at a time, in this tab and all others. */
  function once() {
    function work() { return take().then(Field.outbox.unsent).then(each).then(drafts).then(take); }
    return alone(work);
  }
  /* Asked for again while one is under way, it runs once more: what was handed in meanwhile is not in its list. */
  Field.sync = function () {
    if (running) { again = true; return running; }
    running = once().then(function () { Field.problem = ''; }, function (error) {
      Field.problem = error.status === 401 ? '登录已过期，请重新登录；手机里的内容都在' : (error.status ? error.message || '没有连上' : '');
    }).then(function () {
      running = null; Field.synced = true;
      if (!again) return null;
      again = false;
      return Field.sync();
    });
    return running;
  };
  function alone(work) { return navigator.locks ? navigator.locks.request('anlan-field', work) : work(); }
  function push() {
    if (!navigator.onLine || !Field.csrf || running) return;
    alone(drafts).catch(function () { return null; }).then(function () { Field.refresh(); });
  }
  /* Kept at once; the office sees it a moment later, if there is a network. */
  Field.keep = function (entry) {
    window.clearTimeout(timer);
    if (entry.state === 'open' && !entry.errand) timer = window.setTimeout(push, 3000);
    return Field.outbox.put(entry);
  };
})();
