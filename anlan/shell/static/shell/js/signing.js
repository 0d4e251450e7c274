/* Signatures: <canvas data-al-sign="input id">, drawn by signature_pad where the page loads it; the picture goes into a hidden input. */
(function () {
  'use strict';
  function start(canvas) {
    if (!window.SignaturePad || canvas.alPad) return;
    var ratio = window.devicePixelRatio || 1, target = document.getElementById(canvas.dataset.alSign);
    canvas.width = canvas.clientWidth * ratio; canvas.height = canvas.clientHeight * ratio;
    canvas.getContext('2d').scale(ratio, ratio);
    canvas.alPad = new window.SignaturePad(canvas, { penColor: '#14232B', backgroundColor: '#ffffff' });
    canvas.alPad.addEventListener('endStroke', function () { if (target) { target.value = canvas.alPad.toDataURL('image/png'); target.dispatchEvent(new Event('input', { bubbles: true })); } });
  }
  document.addEventListener('DOMContentLoaded', function () { Array.prototype.forEach.call(document.querySelectorAll('canvas[data-al-sign]'), start); });
  document.addEventListener('click', function (e) {
    var clear = e.target.closest('[data-al-sign-clear]');
    if (!clear) return;
    var canvas = clear.closest('.al-sign').querySelector('canvas'), target = document.getElementById(canvas.dataset.alSign);
    if (canvas.alPad) canvas.alPad.clear();
    if (target) target.value = '';
  });
})();
