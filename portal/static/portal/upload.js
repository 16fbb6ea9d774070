// Drop files, see what was chosen, take one back, see how much is sent. Without it the plain form does the same job.
(function () {
  "use strict";
  var form = document.querySelector("[data-upload]");
  if (!form || !window.DataTransfer) return;
  var input = form.querySelector("#files"), photo = form.querySelector("#photo");
  var drop = form.querySelector("[data-drop]"), list = form.querySelector("[data-chosen]");
  var status = form.querySelector("[data-status]"), bar = form.querySelector("[data-progress]");
  form.querySelector("[data-drop-hint]").hidden = false;

  function number(value, places) { return value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: places, maximumFractionDigits: places }); }
  function size(bytes) { return bytes < 1e6 ? number(Math.max(1, bytes / 1e3), 0) + " KB" : number(bytes / 1e6, 1) + " MB"; }
  function put(target, files) { var box = new DataTransfer(); files.forEach(function (one) { box.items.add(one); }); target.files = box.files; }
  function show() {
    list.textContent = "";
    [input, photo].forEach(function (from) {
      Array.from(from.files).forEach(function (file) {
        var row = document.createElement("li"), name = document.createElement("span"), button = document.createElement("button");
        name.textContent = file.name + " (" + size(file.size) + ")";
        button.type = "button"; button.className = "button button-quiet button-small";
        button.textContent = list.dataset.remove; button.setAttribute("aria-label", list.dataset.remove + " " + file.name);
        button.addEventListener("click", function () { put(from, Array.from(from.files).filter(function (one) { return one !== file; })); show(); from.focus(); });
        row.append(name, button); list.append(row);
      });
    });
  }
  var kept = [];
  input.addEventListener("change", function () {
    var more = Array.from(input.files);
    put(input, kept.filter(function (one) { return !more.some(function (other) { return other.name === one.name && other.size === one.size; }); }).concat(more));
    kept = Array.from(input.files); show();
  });
  photo.addEventListener("change", show);
  if (input.files.length || photo.files.length) { kept = Array.from(input.files); show(); }  // chosen before this came over a slow line
  ["dragenter", "dragover"].forEach(function (name) { drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("is-over"); }); });
  ["dragleave", "drop"].forEach(function (name) { drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.remove("is-over"); }); });
  drop.addEventListener("drop", function (event) {
    put(input, Array.from(input.files).concat(Array.from(event.dataTransfer.files)));
    kept = Array.from(input.files); show();
  });

  // Files go in pieces: a line that breaks costs one piece, and a page that is loaded again goes on where the file stopped.
  var PIECE = 512 * 1024, WAITS = [1, 2, 4, 8, 15, 30];
  var token = form.querySelector("[name=csrfmiddlewaretoken]").value, refused = form.querySelector("[data-refused]"), refusals = form.querySelector("[data-refusals]");
  var button = form.querySelector("button[data-busy]"), total = 0, done = 0, busy = false, title = document.title;

  function pause(seconds) { return new Promise(function (go) { setTimeout(go, seconds * 1000); }); }
  function progress(now) { bar.value = total ? Math.floor(100 * now / total) : 0; }
  async function ask(url, body) {
    for (var tried = 0; ; tried += 1) {
      try {
        var response = await fetch(url, { method: "POST", body: body, headers: { "X-CSRFToken": token }, credentials: "same-origin" });
        if (response.status === 200 || response.status === 422) return [response.status, await response.json()];
        if (response.status < 500) return [response.status, {}];
      } catch (error) { /* the line broke */ }
      if (tried >= WAITS.length) return [0, {}];
      status.textContent = status.dataset.waiting;
      await pause(WAITS[tried]);
      if (body instanceof Blob) return [-1, {}];
    }
  }
  async function begin(file) {
    var about = new FormData();
    about.append("name", file.name); about.append("byte_size", file.size); about.append("label", String(file.lastModified));
    return ask(form.dataset.arriving, about);
  }
  async function send(file) {
    for (var failed = 0; failed <= WAITS.length;) {
      var [begun, answer] = await begin(file), kept = answer.kept;
      if (begun !== 200) return [begun, answer];
      status.textContent = status.dataset.sending.replace("NAME", file.name);
      for (;;) {
        progress(done + kept);
        var [got, next] = await ask(answer.url + "?at=" + kept, file.slice(kept, kept + PIECE));
        if (got !== 200) break;
        if (next.kept > kept) failed = 0;
        kept = next.kept;
        if (next.document) return [200, next];
      }
      if (got !== -1) return [got, next];
      failed += 1;
    }
    return [0, {}];
  }
  function tell(file, answer) {
    var row = document.createElement("li"), name = document.createElement("p"), said = document.createElement("p");
    row.className = "file-row file-row-bad"; name.className = "file-name"; name.textContent = file.name;
    said.textContent = answer.message ? answer.message + " " + answer.next_step : refusals.dataset.broken;
    row.append(name, said); refusals.append(row);
  }
  form.addEventListener("submit", async function (event) {
    var files = Array.from(input.files).concat(Array.from(photo.files));
    if (!files.length || !window.fetch) return;
    event.preventDefault();
    if (busy) return;
    busy = true; refused.hidden = true; refusals.textContent = ""; button.disabled = true; bar.hidden = false; done = 0;
    total = files.reduce(function (sum, one) { return sum + one.size; }, 0); progress(0);
    var sent = 0;
    for (var file of files) {
      var [got, answer] = await send(file);
      if (got === 200) sent += 1; else tell(file, answer);
      done += file.size; progress(done);
    }
    if (!refusals.children.length) { location.assign(form.dataset.records); return; }
    busy = false; button.disabled = false; bar.hidden = true; put(input, []); put(photo, []); kept = []; show();
    status.textContent = sent ? status.dataset.some : "";
    document.title = refused.querySelector("h2").textContent + " – " + title;
    refused.hidden = false; refused.focus();
  });
})();
