// Small conveniences. Every page works without them.
(function () {
  "use strict";
  var focus = document.querySelector("[data-focus]");
  if (focus) focus.focus();
  document.addEventListener("click", function (event) {
    var print = event.target.closest("[data-print]");
    if (print) { event.preventDefault(); window.print(); }
  });
  document.querySelectorAll("[data-print]").forEach(function (one) { one.hidden = false; });
  // One press, one request: a second press of the same button does nothing.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method !== "post" || form.hasAttribute("hx-post") || form.hasAttribute("data-again")) return;
    form.dataset.sent = "1";
    var button = event.submitter;
    if (button && button.dataset.busy) { button.textContent = button.dataset.busy; }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
  // Two minutes before a session ends unused, the person is asked; one press keeps it, and what was typed.
  var idle = document.querySelector("[data-idle]"), clock;
  function wait() { clearTimeout(clock); clock = setTimeout(function () { idle.showModal(); }, (Number(idle.dataset.idle) - 120) * 1000); }
  if (idle) {
    wait();
    idle.addEventListener("close", function () { fetch(idle.dataset.stay, { method: "HEAD", redirect: "manual" }); wait(); });
    idle.querySelector("button").addEventListener("click", function () { idle.close(); });
  }
  // On a wide screen there is room for the list of contents.
  if (window.matchMedia("(min-width: 64rem)").matches) document.querySelectorAll(".contents-fold").forEach(function (one) { one.open = true; });
  // A link to a closed part opens it.
  function openTarget() {
    if (location.hash.length < 2) return;
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var opened = false;
    for (var one = target; one; one = one.parentElement) if (one.tagName === "DETAILS" && !one.open) opened = one.open = true;
    if (opened) target.scrollIntoView();
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
  // On paper nothing can be opened: sources and the rest of a list are there, what the reader keeps closed is not.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.on-paper:not([open])").forEach(function (one) { one.open = true; one.dataset.paper = "1"; });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-paper]").forEach(function (one) { one.open = false; delete one.dataset.paper; });
  });
})();
