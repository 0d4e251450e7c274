/* Small parts of the pages: elements, marks, shrinking pictures. */
(function () {
  'use strict';
  var Field = window.Field, LONG = 1600;
  Field.el = function (tag, attributes, children) {
    var node = document.createElement(tag), name;
    for (name in attributes) {
      if (name.indexOf('on') === 0) node.addEventListener(name.slice(2), attributes[name]);
      else if (attributes[name] === true) node.setAttribute(name, '');
      else if (attributes[name] !== false && attributes[name] != null) node.setAttribute(name, attributes[name]);
    }
    (children || []).forEach(function (child) { if (child != null) node.appendChild(typeof child === 'string' ? document.createTextNode(child) : child); });
    return node;
  };
  Field.icon = function (name, small) {
    var svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('class', small ? 'al-i al-i--s' : 'al-i'); svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', document.getElementById('field').dataset.icons + '#' + name);
    svg.appendChild(use);
    return svg;
  };
  Field.chip = function (tone, word) { return Field.el('span', { class: 'al-chip is-' + tone }, [word]); };
  Field.shrink = function (file) {
    if (!/^image\//.test(file.type)) return file.arrayBuffer();
    return new Promise(function (done) {
      var picture = new Image(), url = URL.createObjectURL(file);
      picture.onload = function () {
        var scale = Math.min(1, LONG / Math.max(picture.naturalWidth, picture.naturalHeight)), canvas = document.createElement('canvas');
        canvas.width = Math.round(picture.naturalWidth * scale); canvas.height = Math.round(picture.naturalHeight * scale);
        canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        canvas.toBlob(function (blob) { done((blob || file).arrayBuffer()); }, 'image/jpeg', 0.85);
      };
      picture.onerror = function () { URL.revokeObjectURL(url); done(file.arrayBuffer()); };
      picture.src = url;
    });
  };
  Field.questions = function (form) {
    var known = {};
    if (form) form.content.sections.forEach(function (section) { section.questions.forEach(function (question) { known[question.uid] = question; }); });
    return known;
  };
  /* A row of pictures with what became of each; ``list`` are the uids, ``entry.files`` what the phone knows of them. */
  Field.photos = function (entry, list, caption, changed) {
    var box = Field.el('div', { class: 'al-thumbs', role: 'group', 'aria-label': '现场照片' });
    list.forEach(function (uid) {
      var file = entry.files[uid], thumb = Field.el('span', { class: 'al-thumb' }), words = !file || file.sent ? '已上传' : (file.failed ? '没传上' : '待上传');
      Field.store.getBytes('file', uid).then(function (bytes) {
        var url = bytes ? URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })) : '/files/' + uid + '/thumb';
        var picture = Field.el('img', { alt: '现场照片', width: 72, height: 72, onerror: function () { picture.replaceWith(Field.el('span', { class: 'al-thumb__name' }, ['照片'])); } });
        picture.src = url;
        thumb.insertBefore(picture, thumb.firstChild);
      });
      thumb.appendChild(Field.el('span', { class: 'al-thumb__s' }, [words]));
      if (file && file.failed && !file.sent) thumb.appendChild(Field.el('button', { type: 'button', class: 'al-thumb__r btn btn-sm btn-default', 'aria-label': '重传照片', title: file.failed, onclick: function () { Field.outbox.retry(entry, uid).then(function () { changed('same'); }); } }, ['重传']));
      if (entry.state === 'open') thumb.appendChild(Field.el('button', { type: 'button', class: 'al-thumb__x', 'aria-label': '移除照片', onclick: function () {
        delete entry.files[uid];
        Field.store.remove('file', uid).then(function () { changed(list.filter(function (one) { return one !== uid; })); });
      } }, ['×']));
      box.appendChild(thumb);
    });
    if (entry.state !== 'open') return box;
    box.appendChild(Field.el('label', { class: 'al-add' }, [Field.icon('camera'), '拍照', Field.el('input', { class: 'visually-hidden', type: 'file', accept: 'image/*', capture: 'environment', 'aria-label': '拍照', onchange: function (event) {
      var file = event.target.files[0], uid = Field.uid();
      if (!file) return;
      Field.shrink(file).then(function (bytes) { return Field.store.putBytes('file', uid, bytes); }).then(function () {
        entry.files[uid] = { name: uid + '.jpg', taken: Field.now(), caption: caption, lat: Field.fix && Field.fix.lat, lng: Field.fix && Field.fix.lng, sent: false };
        changed(list.concat([uid]));
      }, function () { Field.problem = '手机空间不够，照片没有存下'; Field.refresh(); });
    } })]));
    return box;
  };
  /* Reading a code with the camera, where the browser can. */
  Field.scanner = function (found) {
    if (!window.BarcodeDetector) return null;
    return Field.el('label', { class: 'btn btn-default' }, [Field.icon('camera'), '扫码', Field.el('input', { class: 'visually-hidden', type: 'file', accept: 'image/*', capture: 'environment', 'aria-label': '扫码', onchange: function (event) {
      var file = event.target.files[0];
      if (file) window.createImageBitmap(file).then(function (picture) { return new window.BarcodeDetector().detect(picture); }).then(function (codes) { if (codes.length) found(codes[0].rawValue); });
    } })]);
  };
  Field.locate = function (done, failed) {
    if (!navigator.geolocation) { failed(); return; }
    navigator.geolocation.getCurrentPosition(function (fix) {
      Field.fix = { lat: fix.coords.latitude, lng: fix.coords.longitude, accuracy: Math.round(fix.coords.accuracy) };
      done(Field.fix);
    }, failed, { enableHighAccuracy: true, timeout: 8000 });
  };
  Field.field = function (id, label, control, mark) {
    control.id = id;
    return Field.el('div', { class: 'al-field' }, [Field.el('label', { class: 'form-label', for: id }, [label, mark ? Field.el('span', { class: 'al-req' }, [' ' + mark]) : null]), control]);
  };
  Field.now = function () {
    var moment = new Date(), shift = -moment.getTimezoneOffset(), sign = shift < 0 ? '-' : '+';
    function two(number) { return ('0' + Math.abs(number)).slice(-2); }
    return new Date(moment.getTime() + shift * 60000).toISOString().slice(0, 23) + sign + two(Math.floor(Math.abs(shift) / 60)) + ':' + two(Math.abs(shift) % 60);
  };
})();
