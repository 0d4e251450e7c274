/* Stamps are kept on the phone first, then sent; each carries its own uid, so that sending twice stores once. */
(function () {
  'use strict';
  var form = document.getElementById('stamp');
  if (!form) return;
  var KEY = 'al-stamps-' + form.dataset.user, said = document.getElementById('said'), waiting = document.getElementById('waiting');
  var code = document.getElementById('code'), note = document.getElementById('note'), sending = false;
  function kept() { try { return JSON.parse(localStorage.getItem(KEY) || '[]'); } catch (e) { return []; } }
  function keep(list) {
    localStorage.setItem(KEY, JSON.stringify(list));
    waiting.textContent = list.length ? '还有 ' + list.length + ' 次打卡等待联网后补传' : '';
  }
  function label(text) { var found = /[?&]p=([\w-]+)/.exec(text); return found ? found[1] : text.trim(); }
  function drop(uid) { keep(kept().filter(function (one) { return one.uid !== uid; })); }
  function words(answer) {
    var all = Object.keys(answer.fields || {}).map(function (name) { return [].concat(answer.fields[name]).join('；'); });
    return all.join('；') || answer.message || '没有打上，请重试';
  }
  function send() {
    var next = kept()[0];
    if (!next || sending) return;
    sending = true;
    fetch('/patrols/walk/stamps.json', { method: 'POST', body: JSON.stringify(next), credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': form.elements.csrfmiddlewaretoken.value } })
      .then(function (reply) {
        return reply.json().then(function (answer) {
          if (reply.ok) { said.textContent = '已打卡：' + answer.point + '，' + answer.place_words + (answer.late ? '，迟到' : ''); drop(next.uid); }
          else if (reply.status < 500 && reply.status !== 401) { said.textContent = words(answer); drop(next.uid); }
          sending = false;
          if (reply.status < 500 && reply.status !== 401) send();
        });
      }).catch(function () { sending = false; said.textContent = '没有网络，已存在手机里'; });
  }
  function uid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, function (c) {
      return (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16);
    });
  }
  function put(position) {
    var list = kept(), fine = form.elements.fine.value === '1', now = new Date().toISOString();
    var one = { uid: uid(), code: label(code.value), at: now, fine: fine, note: note.value };
    if (position) { one.lat = position.coords.latitude; one.lng = position.coords.longitude; }
    keep(list.concat([one]));
    code.value = ''; note.value = '';
    send();
  }
  form.addEventListener('submit', function (e) {
    e.preventDefault();
    if (!label(code.value)) { said.textContent = '请扫码或输入标签码'; code.focus(); return; }
    if (form.elements.fine.value === '0' && !note.value.trim()) { said.textContent = '发现异常要写明情况'; note.focus(); return; }
    if (!navigator.geolocation) { put(null); return; }
    said.textContent = '正在定位…';
    navigator.geolocation.getCurrentPosition(put, function () { put(null); }, { enableHighAccuracy: true, timeout: 8000 });
  });
  window.addEventListener('online', send);
  keep(kept());
  send();
  /* Scanning where the browser knows how; elsewhere the phone's own camera opens the label's address. */
  var scan = document.getElementById('scan'), eye = document.getElementById('eye');
  if (!('BarcodeDetector' in window) || !navigator.mediaDevices) return;
  scan.hidden = false;
  scan.addEventListener('click', function () {
    navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }).then(function (stream) {
      var detector = new window.BarcodeDetector({ formats: ['qr_code'] });
      eye.srcObject = stream; eye.hidden = false; eye.play();
      var look = setInterval(function () {
        detector.detect(eye).then(function (found) {
          if (!found.length) return;
          code.value = label(found[0].rawValue);
          clearInterval(look); stream.getTracks().forEach(function (track) { track.stop(); }); eye.hidden = true;
        }).catch(function () {});
      }, 300);
    }).catch(function () { said.textContent = '打不开相机，请输入标签码'; });
  });
})();
