/* The quick report: shows what was taken, asks the phone where it is, notes when. */
(function () {
  'use strict';
  var form = document.querySelector('[data-quick]');
  if (!form) return;
  function set(name, value) { form.querySelector('[name="' + name + '"]').value = value; }
  function shown(box, file) {
    var holder = document.createElement('span'), part;
    holder.className = 'al-thumb';
    if (/^image\//.test(file.type)) { part = document.createElement('img'); part.alt = file.name; part.src = URL.createObjectURL(file); }
    else { part = document.createElement('span'); part.className = 'al-thumb__name'; part.textContent = file.name; }
    holder.appendChild(part);
    box.insertBefore(holder, box.querySelector('.al-add'));
    return holder;
  }
  form.addEventListener('change', function (e) {
    var input = e.target, box = form.querySelector('[data-quick-shown]');
    if (!input.matches('[data-quick-file]')) return;
    (input.alShown || []).forEach(function (holder) { holder.remove(); });
    input.alShown = Array.prototype.map.call(input.files, function (file) { return shown(box, file); });
    if (!form.querySelector('[name="taken_at"]').value) set('taken_at', new Date().toISOString());
  });
  form.querySelector('[data-quick-locate]').addEventListener('click', function () {
    var words = form.querySelector('[data-quick-where]');
    if (!navigator.geolocation) { words.textContent = '这台设备不能定位，请填写地点'; return; }
    words.textContent = '正在定位…';
    navigator.geolocation.getCurrentPosition(function (found) {
      set('latitude', found.coords.latitude.toFixed(6));
      set('longitude', found.coords.longitude.toFixed(6));
      words.textContent = '已定位，误差约 ' + Math.round(found.coords.accuracy) + ' 米';
    }, function () { words.textContent = '没有定到位置，请填写地点'; }, { enableHighAccuracy: true, timeout: 10000 });
  });
})();
