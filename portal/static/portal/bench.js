// One key for each decision. Keys can be switched off; every button works without this file.
(function () {
  "use strict";
  var current = document.querySelector("[data-current]"), toggle = document.querySelector("[data-shortcuts]");
  var help = document.querySelector("[data-help]"), boxes = document.querySelector("[data-boxes]");
  var isOn = localStorage.getItem("bench-shortcuts") !== "off";
  var labels = { on: toggle.textContent, off: toggle.dataset.off };
  function showToggle() { toggle.hidden = false; toggle.setAttribute("aria-pressed", String(isOn)); toggle.textContent = isOn ? labels.on : labels.off; }
  showToggle();
  toggle.addEventListener("click", function () { isOn = !isOn; localStorage.setItem("bench-shortcuts", isOn ? "on" : "off"); showToggle(); });
  if (boxes && sessionStorage.getItem("bench-boxes") === "off") boxes.classList.add("hide-boxes");
  if (current) { current.focus({ preventScroll: true }); current.scrollIntoView({ block: "nearest" }); }
  var hit = document.querySelector(".hit-current");
  var frame = document.querySelector(".bench-page");
  if (hit && frame) frame.scrollTop = Math.max(0, hit.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3);
  document.addEventListener("keydown", function (event) {
    if (!isOn || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, select, textarea, [contenteditable]") || help.open) return;
    var key = event.key.toLowerCase();
    if (key === "?") { help.showModal(); return; }
    if (key === "b" && boxes) { var off = boxes.classList.toggle("hide-boxes"); sessionStorage.setItem("bench-boxes", off ? "off" : "on"); return; }
    var target = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (target) { event.preventDefault(); target.click(); }
  });
  document.querySelectorAll(".bench-picture [data-item]").forEach(function (box) {
    box.addEventListener("click", function () { location.search = "?at=" + box.dataset.item; });
  });
})();
