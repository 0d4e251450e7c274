/* Files: pictures shrink to 1600 px in the phone, one request per file with progress, retry and remove. */
(function () {
  'use strict';
  var EDGE = 1600;
  function shrink(file, done) {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type)) { done(file); return; }
    var image = new Image(), url = URL.createObjectURL(file);
    image.onload = function () {
      URL.revokeObjectURL(url);
      var scale = Math.min(1, EDGE / Math.max(image.naturalWidth, image.naturalHeight));
      if (scale === 1 && file.size < 1048576) { done(file); return; }
      var canvas = document.createElement('canvas');
      canvas.width = Math.round(image.naturalWidth * scale); canvas.height = Math.round(image.naturalHeight * scale);
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { done(blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' }) : file); }, 'image/jpeg', 0.86);
    };
    image.onerror = function () { URL.revokeObjectURL(url); done(file); };
    image.src = url;
  }
  function thumb(box, file) {
    var holder = document.createElement('span'), words = document.createElement('span');
    holder.className = 'al-thumb';
    if (/^image\//.test(file.type)) { var picture = document.createElement('img'); picture.alt = file.name; picture.src = URL.createObjectURL(file); holder.appendChild(picture); }
    else { var name = document.createElement('span'); name.className = 'al-thumb__name'; name.textContent = file.name; holder.appendChild(name); }
    words.className = 'al-thumb__s'; words.textContent = '等待上传'; words.setAttribute('role', 'status');
    holder.appendChild(words);
    box.querySelector('.al-thumbs').insertBefore(holder, box.querySelector('.al-add'));
    return { holder: holder, words: words };
  }
  function tool(holder, text, label, act) {
    var b = document.createElement('button');
    b.type = 'button'; b.className = 'al-thumb__x'; b.textContent = text; b.setAttribute('aria-label', label);
    b.addEventListener('click', act);
    holder.appendChild(b);
    return b;
  }
  function send(box, file, shown) {
    var request = new XMLHttpRequest(), data = new FormData(), meta = document.querySelector('meta[name="csrf-token"]'), form = box.closest('form');
    shown.holder.dataset.alSending = '1';
    function done() { delete shown.holder.dataset.alSending; if (form) settled(form); }
    data.append('file', file, file.name);
    request.open('POST', box.dataset.url);
    request.setRequestHeader('X-CSRFToken', meta ? meta.content : '');
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = function (e) { if (e.lengthComputable) shown.words.textContent = Math.round(e.loaded / e.total * 100) + '%'; };
    function failed(why) {
      done();
      shown.words.textContent = why || '没传上';
      var again = tool(shown.holder, '↻', '重传' + file.name, function () { again.remove(); send(box, file, shown); });
    }
    request.onerror = function () { failed('没有网络'); };
    request.onload = function () {
      var said = {};
      try { said = JSON.parse(request.responseText); } catch (e) { /* not JSON: the words below stand */ }
      if (request.status >= 300) { failed(said.message); return; }
      var hidden = document.createElement('input');
      hidden.type = 'hidden'; hidden.name = box.dataset.name; hidden.value = said.id || said.uid;
      shown.holder.appendChild(hidden);
      shown.words.textContent = '已上传';
      done();
      box.dispatchEvent(new Event('input', { bubbles: true }));
    };
    request.send(data);
  }
  /* A form sent while files are on their way waits for them, and goes by itself once they have all arrived. */
  function waiting(form) { return form.querySelector('[data-al-sending]'); }
  function settled(form) {
    if (waiting(form) || !form.alWaits) return;
    var sender = form.alWaits.sender, failed = Array.prototype.some.call(form.querySelectorAll('[data-al-uploader] .al-thumb'), function (t) { return !t.querySelector('input[type=hidden], a, img:not([src^="blob:"])'); });
    form.alWaits = null;
    if (failed) { document.dispatchEvent(new CustomEvent('al-toast', { detail: { text: '有文件没有传上，请重传或移除后再提交', tone: 'late' } })); return; }
    if (form.requestSubmit) form.requestSubmit(sender || undefined); else form.submit();
  }
  document.addEventListener('submit', function (e) {
    if (!waiting(e.target)) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    e.target.alWaits = { sender: e.submitter };
    document.dispatchEvent(new CustomEvent('al-toast', { detail: { text: '文件正在上传，传完后自动提交' } }));
  }, true);
  document.addEventListener('change', function (e) {
    var input = e.target, box = input.closest && input.closest('[data-al-uploader]');
    if (!box || input.type !== 'file' || !box.dataset.url) return;
    var room = Number(box.dataset.most || 99) - box.querySelectorAll('.al-thumb').length;
    Array.prototype.slice.call(input.files, 0, Math.max(0, room)).forEach(function (file) {
      shrink(file, function (small) {
        var shown = thumb(box, small);
        if (box.dataset.bytes && small.size > Number(box.dataset.bytes)) { shown.words.textContent = '超过大小'; }
        else send(box, small, shown);
        tool(shown.holder, '×', '移除' + file.name, function () { shown.holder.remove(); });
      });
    });
    input.value = '';
  });
  document.addEventListener('click', function (e) {
    var gone = e.target.closest('[data-al-unload]');
    if (gone) gone.closest('.al-thumb').remove();
  });
})();
