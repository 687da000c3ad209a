// The little that the browser does by itself: patch regions, read forms, post to /_drive/.
"use strict";
const $ = (query, root = document) => root.querySelector(query);
const $$ = (query, root = document) => [...root.querySelectorAll(query)];
const app = () => $("#app");
const me = () => app().dataset.member;
const known = (name) => JSON.parse(app().dataset[name]);
const html = (text) => Object.assign(document.createElement("template"), { innerHTML: text }).content;

/* Patching: keep what a person is using (fields, players, open menus), change the rest. */
const KEPT = new Set(["open", "data-low", "aria-busy"]);
function sync(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !KEPT.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (name === "open" && old.tagName === "DETAILS") continue;
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}
const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.nodeType !== 1 || ((a.dataset.key || a.id || "") === (b.dataset.key || b.id || "") && a.getAttribute("src") === b.getAttribute("src")));
function patch(old, fresh) {
  if (old.nodeType !== 1) { if (old.data !== fresh.data) old.data = fresh.data; return; }
  if (old.isEqualNode(fresh) || old.matches("[data-composer], .combo > :is(input, [role=listbox])")) return;
  sync(old, fresh);
  if (old.matches("textarea, select, video, .chosen, .chips")) return;
  children(old, fresh);
}
function children(old, fresh) {
  const keyed = new Map($$(":scope > [data-key]", old).map((node) => [node.dataset.key, node]));
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const key = next.dataset && next.dataset.key;
    const found = key ? keyed.get(key) : at;
    if (found && same(found, next)) {
      if (found !== at) old.insertBefore(found, at); else at = at.nextSibling;
      patch(found, next);
    } else old.insertBefore(next, at);
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
}
/* A redrawn form keeps the cursor in its field, also where the field itself is a new one. */
function holding(target) {
  const field = document.activeElement;
  const block = target.contains(field) && field.closest("#modals [data-block-id]");
  if (!block) return () => {};
  const { id, value } = field;
  const [from, to] = field.matches("input:not([type=checkbox], [type=radio]), textarea") ? [field.selectionStart, field.selectionEnd] : [null, null];
  const nth = $$(FIELDS, block).indexOf(field);
  return () => {
    for (const menu of $$("details.multi[open]", target)) float(menu);
    if (document.activeElement === field) return;
    const again = $(`[data-block-id="${CSS.escape(block.dataset.blockId)}"]`, target);
    const found = field.isConnected ? field : document.getElementById(id) || (again && ($$(FIELDS, again)[nth] || $(FIELDS, again)));
    if (!found) return;
    found.focus({ preventScroll: true });
    if (from !== null && found.value === value) found.setSelectionRange(from, to);
  };
}
const FIELDS = ":is(input, textarea, select, summary, button)";
const dismissed = new Set();
function region(name, text) {
  const target = document.getElementById(name);
  if (!target) return;
  const keep = holding(target);
  children(target, html(text));
  keep();
  for (const ts of dismissed) $(`[data-ts="${ts}"]`, target)?.remove();
  if (name === "tabs") target.hidden = !text;
  if (name === "thread") { target.hidden = !text; app().classList.toggle("with-thread", !!text); }
  if (name === "modals") stack();
}

/* Staying current, and going elsewhere without a new page. */
let stream;
function listen() {
  if (stream) stream.close();
  stream = new EventSource(app().dataset.stream);
  for (const name of ["sidebar", "header", "tabs", "timeline", "canvas", "thread", "home", "modals"]) {
    stream.addEventListener(name, (event) => region(name, JSON.parse(event.data)));
  }
  stream.onopen = () => document.body.classList.remove("lost");
  stream.onerror = () => document.body.classList.add("lost");
}
async function go(url, { push = true } = {}) {
  const fresh = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
  const before = app().dataset.at;
  const next = fresh.getElementById("app");
  const thread = $("#thread");
  if (before !== next.dataset.at || me() !== next.dataset.member) app().replaceWith(document.adoptNode(next));
  else { $$("form[data-composer]", thread).forEach((form) => form.remove()); sync(app(), next); children(thread, $("#thread", fresh)); thread.hidden = $("#thread", fresh).hidden; children($("#sidebar"), $("#sidebar", fresh)); const shown = "#timeline, #canvas, #home"; children($(shown), $(shown, fresh)); }
  document.title = fresh.title;
  if (push) history.pushState({}, "", url);
  settle();
  listen();
}
const drafts = new Map();
const draftOf = (form) => `${me()} ${form.dataset.channel} ${form.dataset.threadTs || ""}`;
const isLow = (scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
const grown = new ResizeObserver((entries) => { for (const { target } of entries) { const scroller = target.closest(".scroll"); if (scroller.dataset.low !== "no") scroller.scrollTop = scroller.scrollHeight; } });
function settle() {
  for (const scroller of $$(".scroll[data-stick]")) {
    if (!scroller.onscroll) scroller.onscroll = () => { scroller.dataset.low = isLow(scroller) ? "yes" : "no"; };
    scroller.dataset.low = "yes";
    scroller.scrollTop = scroller.scrollHeight;
    grown.observe($("[data-list]", scroller));
  }
  for (const form of $$("[data-composer]")) { const field = $("textarea", form); if (!field.value) field.value = drafts.get(draftOf(form)) || ""; ready(form); }
  const field = $("#thread:not([hidden]) textarea") || $(".main .composer textarea");
  if (field && !$("dialog[open]")) field.focus({ preventScroll: true });
  if (app().dataset.tab) drive("home", { tab: app().dataset.tab, wait: 0 });
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target) target.scrollIntoView({ block: "center" });
}

/* Talking to the driver. */
function say(text, bad = false) {
  const toast = Object.assign(document.createElement("div"), { className: bad ? "toast bad" : "toast", textContent: text });
  $("#toasts").append(toast);
  setTimeout(() => toast.remove(), 6000);
}
const PLAIN = {
  operation_timeout: "The app did not answer within three seconds. Try again.",
  dispatch_failed: "The app could not be reached. Is it running?",
  options_not_loaded: "The options could not be loaded.",
  trigger_expired: "That took longer than three seconds. Try again.",
};
async function drive(act, body) {
  try {
    const response = await fetch(`/_drive/${act}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user: me(), ...body }) });
    return await response.json();
  } catch { return { ok: false, error: "The small Slack does not answer. Is it still running?" }; }
}
const complaint = (answer) => PLAIN[answer.error] || answer.message || answer.error || "Something went wrong. Try again.";
async function act(name, body, busy) {
  if (busy) busy.setAttribute("aria-busy", "true");
  const answer = await drive(name, body);
  if (busy) busy.removeAttribute("aria-busy");
  // Whether the app heard of a message or an emoji is not the concern of who posted it.
  if (["message", "reaction"].includes(name) && "via" in answer) answer.ok = true;
  if (!answer.ok) say(complaint(answer), true);
  return answer;
}
function place(node) {
  const view = node.closest("[data-view-id]");
  if (view) return { view_id: view.dataset.viewId };
  const message = node.closest("[data-ts]");
  return { channel: message.dataset.channel, ts: message.dataset.ts };
}
const blockOf = (node) => { const block = node.closest('[data-block-id]:not([data-block-id=""])'); return block ? block.dataset.blockId : ""; };

/* Elements: what a person entered, as the driver takes it. */
const options = (nodes) => nodes.map((node) => (node.dataset.option ? JSON.parse(node.dataset.option) : node.value));
async function entered(element) {
  const kind = element.dataset.kind;
  if (kind === "checkboxes" || (kind.startsWith("multi_") && !kind.includes("external"))) return options($$("input:checked", element));
  if (kind === "radio_buttons") return options($$("input:checked", element))[0] ?? null;
  if (kind === "multi_external_select") return options($$(".chip", element));
  if (kind === "external_select") return options($$(".chip", element))[0] ?? null;
  if (kind === "file_input") return Promise.all([...$("input", element).files].map(uploaded));
  if (kind === "datetimepicker") return element.value ? Math.floor(new Date(element.value).getTime() / 1000) : null;
  if (kind.endsWith("_select")) return element.value ? options([element.selectedOptions[0]])[0] : null;
  return element.value === "" ? null : element.value;
}
const sent = new WeakMap();
function uploaded(file) {
  if (!sent.has(file)) sent.set(file, fetch(`/_page/upload?as=${me()}&name=${encodeURIComponent(file.name)}`, { method: "POST", body: file }).then((answer) => answer.json()));
  return sent.get(file);
}
const STATELESS = new Set(["button", "overflow", "workflow_button", "feedback_buttons", "icon_button"]);
async function values(root) {
  const out = {};
  for (const element of $$("[data-action-id]", root)) {
    if (STATELESS.has(element.dataset.kind)) continue;
    const at = (out[blockOf(element)] ??= {});
    at[element.dataset.actionId] = await entered(element);
  }
  return out;
}
function agreed(element) {
  if (!element.dataset.confirm) return Promise.resolve(true);
  const ask = JSON.parse(element.dataset.confirm);
  const dialog = $("#confirm");
  $("#confirm-title").textContent = ask.title;
  $("#confirm-text").replaceChildren(html(ask.text));
  const yes = $('[value="yes"]', dialog);
  yes.textContent = ask.confirm || "Yes";
  yes.className = `btn ${ask.style === "danger" ? "danger" : "primary"}`;
  $('[value="no"]', dialog).textContent = ask.deny || "Cancel";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}
async function press(element, value, busy) {
  if (!(await agreed(element))) return;
  const body = { ...place(element), action_id: element.dataset.actionId, wait: 0 };
  if (blockOf(element)) body.block_id = blockOf(element);
  if (value !== undefined && value !== null && value !== "") body.value = value;
  if (body.view_id) await typed(element.closest("[data-view-id]"));
  await act("press", body, busy);
}
// What stands in the fields is part of every press in a view.
const typed = async (form) => fetch("/_page/typed", { method: "POST", body: JSON.stringify({ view_id: form.dataset.viewId, values: await values(form) }) });
const isField = (element) => element.closest(".b-input");
async function changed(element) {
  if (isField(element) && !element.closest("[data-dispatch]")) return;
  await press(element, await entered(element));
}

/* Modals. */
function stack() {
  const shell = $("#modals");
  const top = $(".modal:not([hidden])", shell);
  if (!top) { if (shell.open) shell.close(); return; }
  shell.setAttribute("aria-label", top.getAttribute("aria-label"));
  if (!shell.open) shell.showModal();
  if (shell.dataset.top !== top.dataset.viewId) {
    shell.dataset.top = top.dataset.viewId;
    const field = $(".modal-body :is(input, textarea, select, summary)", top);
    if (field) field.focus();
  }
}
const topModal = () => $("#modals .modal:not([hidden])");
function banner(form, text) {
  const box = $(".banner", form);
  box.hidden = !text;
  box.textContent = text || "";
}
async function submit(form) {
  const button = $('[type="submit"]', form);
  if (button.getAttribute("aria-busy")) return;
  banner(form, "");
  button.setAttribute("aria-busy", "true");
  const answer = await drive("submit", { view_id: form.dataset.viewId, values: await values(form), wait: 0 });
  button.removeAttribute("aria-busy");
  const errors = Object.entries(answer.errors || {}).filter(([id, text]) => id && wrong(form, id, text));
  if (errors.length) $(".wrong :is(input, textarea, select, summary)", form)?.focus();
  else if (!answer.ok) banner(form, complaint(answer));
}
function wrong(form, id, text) {
  const box = $(`[data-block-id="${CSS.escape(id)}"] .b-input`, form);
  if (!box) return false;
  box.classList.add("wrong");
  $(".error", box).textContent = text;
  return true;
}
const dismiss = (form, clear) => act("close", { view_id: form.dataset.viewId, clear });

/* Messages: reactions, menus, editing. */
let picking = null;
function pick(anchor, use) {
  const box = $("#picker");
  picking = use;
  box.hidden = false;
  const at = anchor.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${at.top > box.offsetHeight + 12 ? at.top - box.offsetHeight - 6 : at.bottom + 6}px`;
  $("button", box).focus();
}
const unpick = () => { $("#picker").hidden = true; picking = null; };
const react = (message, name) => {
  const mine = $(`.pill.mine[data-reaction="${CSS.escape(name)}"]`, message);
  return act("reaction", { channel: message.dataset.channel, ts: message.dataset.ts, emoji: name, remove: !!mine });
};
function edit(message) {
  const content = $(".content", message);
  const source = $("template.source", message).innerHTML.trim();
  const box = html('<div class="edit-box"><textarea class="field" aria-label="Edit message"></textarea><span><button type="button" class="btn small">Cancel</button><button type="button" class="btn small primary">Save</button></span></div>').firstChild;
  const field = $("textarea", box);
  field.value = new DOMParser().parseFromString(source, "text/html").documentElement.textContent;
  const [cancel, save] = $$("button", box);
  const end = () => { box.remove(); content.hidden = false; };
  cancel.onclick = end;
  save.onclick = async () => { const answer = await act("message", { channel: message.dataset.channel, edit: message.dataset.ts, text: addressed(field.value) }, save); if (answer.ok) end(); };
  field.onkeydown = (event) => { if (event.key === "Escape") end(); if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); save.click(); } };
  content.hidden = true;
  content.after(box);
  field.focus();
}
async function drop(message) {
  const ask = { dataset: { confirm: JSON.stringify({ title: "Delete message", text: "This message will be gone for everybody. This cannot be undone.", confirm: "Delete", deny: "Cancel", style: "danger" }) } };
  if (await agreed(ask)) await act("message", { channel: message.dataset.channel, delete: message.dataset.ts });
}

/* Writing. */
function addressed(text) {
  let out = text;
  for (const { id, name, user } of known("people").sort((a, b) => b.name.length - a.name.length)) {
    for (const word of new Set([name, user])) out = out.replace(new RegExp(`(^|[\\s(])@${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`, "g"), `$1<@${id}>`);
  }
  for (const { id, name } of known("rooms")) out = out.replace(new RegExp(`(^|[\\s(])#${name}(?![\\w-])`, "g"), `$1<#${id}>`);
  return out.replace(/(^|\s)@(here|channel|everyone)\b/g, "$1<!$2>");
}
const packed = (file) => new Promise((done, fail) => {
  const reader = new FileReader();
  reader.onerror = () => fail(reader.error);
  reader.onload = () => done({ name: file.name, data: reader.result.split(",", 2)[1] || "" });
  reader.readAsDataURL(file);
});
const waiting = new WeakMap();
function attach(form, files) {
  waiting.set(form, [...(waiting.get(form) || []), ...files]);
  drawChips(form);
}
function drawChips(form) {
  const files = waiting.get(form) || [];
  $(".chips", form).replaceChildren(...files.map((file, index) => {
    const chip = document.createElement("button");
    Object.assign(chip, { type: "button", className: "chip", title: "Remove" });
    chip.setAttribute("aria-label", `Remove ${file.name}`);
    if (file.type.startsWith("image/")) chip.append(Object.assign(new Image(), { src: URL.createObjectURL(file), alt: "" }));
    chip.append(file.name, " ×");
    chip.onclick = () => { files.splice(index, 1); drawChips(form); ready(form); };
    return chip;
  }));
  ready(form);
}
function ready(form) {
  drafts.set(draftOf(form), $("textarea", form).value);
  form.classList.toggle("ready", !!$("textarea", form).value.trim() || !!(waiting.get(form) || []).length);
}
async function send(form) {
  const field = $("textarea", form);
  const text = field.value.trim();
  const files = waiting.get(form) || [];
  if (!text && !files.length) return;
  const [word] = text.split(/\s+/);
  const command = known("commands").find((one) => one.name === word);
  const refusal = unsendable(form, word, command);
  if (refusal) { say(refusal, true); return; }
  field.value = "";
  waiting.delete(form);
  drawChips(form);
  const answer = command ? await order(form, word, text.slice(word.length).trim()) : await post(form, text, files);
  if (!answer.ok && !field.value) { field.value = text; attach(form, files); }
  ready(form);
  const scroller = form.closest(".scroll") || $(".main > .scroll");
  scroller.scrollTop = scroller.scrollHeight;
}
function unsendable(form, word, command) {
  if (command && form.dataset.threadTs) return `Slack has no slash commands in threads. Write ${word} in the channel, or mention the app here.`;
  if (command || form.dataset.threadTs || !/^\/\w+$/.test(word)) return "";
  return app().dataset.external ? "Slash commands belong to the workspace that installed the app." : `${word} is not a command here.`;
}
async function order(form, command, text) {
  const note = $(".composer-note", form);
  const slow = setTimeout(() => { note.textContent = "Waiting for the app…"; }, 400);
  const answer = await act("command", { channel: form.dataset.channel, command, text, wait: 0 });
  clearTimeout(slow);
  note.textContent = "";
  return answer;
}
async function post(form, text, files) {
  const { channel, threadTs } = form.dataset;
  const body = { channel, text: addressed(text) };
  const also = $("[name=broadcast]", form);
  if (threadTs) Object.assign(body, { thread_ts: threadTs, broadcast: also.checked });
  if (also) also.checked = false;
  if (files.length) body.files = await Promise.all(files.map(packed));
  return act("message", body);
}

/* Completion of commands and names. */
function suggestions(form) {
  const field = $("textarea", form);
  const before = field.value.slice(0, field.selectionStart);
  if (before.startsWith("/") && !form.dataset.threadTs) {
    const word = before.split(/\s/)[0];
    const found = known("commands").filter((one) => one.name.startsWith(word));
    const words = found.flatMap((one) => [one, ...(one.hint || "").split("|").map((hint) => hint.trim()).filter((hint) => /^[a-z-]+$/.test(hint)).map((hint) => ({ name: `${one.name} ${hint}` }))]);
    return words.filter((one) => one.name.startsWith(before) && one.name !== before).map((one) => ({ put: `${one.name} `, from: 0, name: one.name, does: one.does || "", hint: one.hint || "" }));
  }
  const at = /(^|\s)@([\w .-]{0,24})$/.exec(before);
  if (!at) return [];
  const wanted = at[2].toLowerCase();
  const from = before.length - at[2].length - 1;
  return known("people").filter((one) => one.name.toLowerCase().includes(wanted) || one.user.startsWith(wanted)).filter((one) => one.name.toLowerCase() !== wanted).slice(0, 8).map((one) => ({ put: `@${one.name} `, from, name: one.name, does: `@${one.user}`, hint: "" }));
}
function offer(form, open = true) {
  const box = $(".complete", form);
  const list = open ? suggestions(form) : [];
  box.hidden = !list.length;
  box.replaceChildren(...list.map((one, index) => {
    const row = html("<div role=option><b></b><span></span></div>").firstChild;
    $("b", row).textContent = one.name;
    $("span", row).textContent = [one.does, one.hint].filter(Boolean).join("  ·  ");
    row.setAttribute("aria-selected", String(index === 0));
    row.onmousedown = (event) => { event.preventDefault(); take(form, one); };
    row.suggestion = one;
    return row;
  }));
}
function take(form, one) {
  const field = $("textarea", form);
  field.setRangeText(one.put, one.from, field.selectionStart, "end");
  field.focus();
  ready(form);
  offer(form);
}
function steer(form, event) {
  const box = $(".complete", form);
  if (box.hidden) return false;
  const rows = [...box.children];
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = (at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length;
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === next)));
    rows[next].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Tab") take(form, rows[at].suggestion);
  else if (event.key === "Escape") offer(form, false);
  else if (event.key === "Enter" && $("textarea", form).value.trimEnd() !== rows[at].suggestion.put.trimEnd() && rows[at].suggestion.from > 0) take(form, rows[at].suggestion);
  else return false;
  event.preventDefault();
  return true;
}
function insert(form, text) {
  const field = $("textarea", form);
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  ready(form);
  offer(form);
}

/* Menus float above everything that scrolls, on the side that has room. */
function float(menu) {
  const list = $(".menu-list", menu);
  const at = $("summary, input[role=combobox]", menu).getBoundingClientRect();
  const wide = menu.matches(".multi, .combo") ? at.width : 0;
  Object.assign(list.style, { position: "fixed", right: "auto", bottom: "auto", width: wide ? `${wide}px` : "" });
  const below = innerHeight - at.bottom - 12;
  const up = list.offsetHeight > below && at.top > below;
  list.style.top = `${up ? Math.max(8, at.top - list.offsetHeight - 4) : at.bottom + 4}px`;
  list.style.left = `${Math.max(8, Math.min(menu.matches(".more") ? at.right - list.offsetWidth : at.left, innerWidth - list.offsetWidth - 8))}px`;
}
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches("details.menu:not(.switch)")) float(event.target);
}, true);
document.addEventListener("scroll", (event) => {
  if (!event.target.closest) return;
  if (event.target.matches && event.target.matches(".menu-list")) return;
  for (const combo of $$(".combo:has([role=listbox]:not([hidden]))", event.target)) float(combo);
  for (const menu of $$("details.menu[open]", event.target)) if (menu.matches("#modals .multi")) float(menu); else menu.open = false;
}, true);

/* External selects ask the app for their options, and are worked by keys as any combobox. */
let asking = 0;
const listOf = (combo) => $("[role=listbox]", combo);
const choicesOf = (combo) => $$("[role=option]", combo);
function shut(combo) {
  asking++;
  listOf(combo).hidden = true;
  $("input", combo).setAttribute("aria-expanded", "false");
  point(combo, null);
}
function point(combo, row) {
  for (const one of choicesOf(combo)) one.setAttribute("aria-selected", String(one === row));
  if (!row) { $("input", combo).removeAttribute("aria-activedescendant"); return; }
  $("input", combo).setAttribute("aria-activedescendant", row.id);
  row.scrollIntoView({ block: "nearest" });
}
async function look(combo) {
  const input = $("input", combo);
  if (input.value.length < Number(combo.dataset.min)) { shut(combo); return; }
  const turn = ++asking;
  const answer = await drive("suggest", { ...place(combo), action_id: combo.dataset.actionId, block_id: blockOf(combo), typed: input.value });
  if (turn !== asking) return;
  const groups = answer.option_groups?.length ? answer.option_groups : [{ options: answer.options || [] }];
  const found = (answer.options || []).length;
  const rows = groups.flatMap((group) => [...(group.label ? [headed(group.label.text)] : []), ...group.options.map((option, at) => choice(combo, option, `${group.label?.text || ""}${at}`))]);
  listOf(combo).replaceChildren(...(found ? rows : [headed(answer.ok === false ? complaint(answer) : "No results")]));
  listOf(combo).hidden = false;
  input.setAttribute("aria-expanded", "true");
  float(combo);
  point(combo, choicesOf(combo)[0]);
}
const headed = (text) => Object.assign(document.createElement("div"), { className: "menu-head", textContent: text });
function choice(combo, option, id) {
  const row = Object.assign(document.createElement("button"), { type: "button", id: `${$("input", combo).id}-${id}`, tabIndex: -1, textContent: option.text.text });
  row.setAttribute("role", "option");
  row.dataset.option = JSON.stringify(option);
  row.onmousedown = (event) => event.preventDefault();
  row.onclick = () => choose(combo, option);
  return row;
}
function choose(combo, option) {
  const [chips, input] = [$(".chosen", combo), $("input", combo)];
  const taken = $$(".chip", chips).map((chip) => JSON.parse(chip.dataset.option).value);
  const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: `${option.text.text} ×` });
  chip.dataset.option = JSON.stringify(option);
  chip.setAttribute("aria-label", `Remove ${option.text.text}`);
  input.value = "";
  shut(combo);
  if (combo.dataset.kind === "external_select") chips.replaceChildren(chip);
  else if (taken.includes(option.value) || taken.length >= Number(combo.dataset.max || Infinity)) return;
  else chips.append(chip);
  changed(combo);
}
function steerChoice(combo, event) {
  const rows = listOf(combo).hidden ? [] : choicesOf(combo);
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" && listOf(combo).hidden) look(combo);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") point(combo, rows[(at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length]);
  else if (event.key === "Enter") rows[at]?.click();
  else if (event.key === "Escape" && !listOf(combo).hidden) shut(combo);
  else if (event.key === "Backspace" && !event.target.value) $(".chosen .chip:last-child", combo)?.click();
  else { if (event.key === "Tab") shut(combo); return false; }
  event.preventDefault();
  return true;
}

/* One listener a kind of event. */
const CLICKS = [
  ["#picker [data-pick]", (node) => { const use = picking; unpick(); use(node.dataset.pick); }],
  ["a[data-go]", (node, event) => { event.preventDefault(); go(node.href); }],
  ["a[data-zoom]", (node, event) => { event.preventDefault(); const box = $("#zoom"); $("img", box).src = node.href; $("img", box).alt = $("img", node).alt; box.showModal(); }],
  ["#zoom", () => $("#zoom").close()],
  ["[data-close-modal], [data-back]", (node) => dismiss(node.closest(".modal"), node.matches("[data-close-modal].tool"))],
  ["[data-shortcut]", (node) => { const at = node.closest("[data-ts]"); node.closest("details").open = false; act("shortcut", { callback_id: node.dataset.shortcut, ...place(at), wait: 0 }, node); }],
  ["[data-edit]", (node) => { node.closest("details").open = false; edit(node.closest("[data-ts]")); }],
  ["[data-delete]", (node) => { node.closest("details").open = false; drop(node.closest("[data-ts]")); }],
  ["[data-dismiss]", (node) => { const message = node.closest("[data-ts]"); dismissed.add(message.dataset.ts); message.remove(); }],
  [".message [data-reaction]", (node) => react(node.closest("[data-ts]"), node.dataset.reaction)],
  [".message [data-react]", (node) => pick(node, (name) => react(node.closest("[data-ts]"), name))],
  ["[data-insert-emoji]", (node) => pick(node, (name) => insert(node.closest("form"), `:${name}: `))],
  ["[data-insert-at]", (node) => insert(node.closest("form"), "@")],
  [".combo input", (node) => { if (listOf(node.closest(".combo")).hidden) look(node.closest(".combo")); }],
  [".combo .chip", (node) => { const combo = node.closest(".combo"); node.remove(); changed(combo); }],
  [".overflow [role=menuitem]", (node) => { const menu = node.closest(".overflow"); menu.open = false; press(menu, JSON.parse(node.dataset.option), $("summary", menu)); }],
  [".feedback button", (node) => press(node.parentElement, node.dataset.value, node)],
  ["button[data-action-id], a.btn[data-action-id]", (node) => press(node, undefined, node.matches("button") ? node : null)],
];
document.addEventListener("click", (event) => {
  for (const open of $$("details.menu[open]")) if (!open.contains(event.target)) open.open = false;
  for (const combo of $$(".combo:has([role=listbox]:not([hidden]))")) if (!combo.contains(event.target)) shut(combo);
  if (!$("#picker").hidden && !event.target.closest("#picker, [data-react], [data-insert-emoji]")) unpick();
  for (const [query, run] of CLICKS) { const node = event.target.closest(query); if (node) { run(node, event); return; } }
});
document.addEventListener("change", (event) => {
  if (event.target.matches(".composer input[type=file]")) { attach(event.target.form, event.target.files); event.target.value = ""; return; }
  const element = event.target.closest("[data-action-id]");
  if (!element || element.matches(".combo, button")) return;
  if (element.matches(".multi")) {
    const words = $$("input:checked", element).map((box) => { const chip = document.createElement("span"); chip.className = "chip"; chip.textContent = box.nextElementSibling.textContent; return chip; });
    $(".chosen", element).replaceChildren(...(words.length ? words : [Object.assign(document.createElement("span"), { className: "placeholder", textContent: $("summary", element).dataset.placeholder })]));
  }
  changed(element);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("#modals .modal")) { event.preventDefault(); submit(form); }
  if (form.matches("[data-composer]")) { event.preventDefault(); offer(form, false); send(form); }
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-composer]");
  if (form) { ready(form); offer(form); }
  const combo = event.target.closest(".combo");
  if (combo) look(combo);
  const wrong = event.target.closest(".wrong");
  if (wrong) wrong.classList.remove("wrong");
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest && event.target.closest("[data-composer]");
  const combo = event.target.closest && event.target.closest(".combo");
  if (combo && event.target.matches("input") && steerChoice(combo, event)) return;
  if (event.key === "Escape") {
    if (!$("#picker").hidden) { event.preventDefault(); unpick(); return; }
    const open = $("details.menu[open]");
    if (open) { event.preventDefault(); open.open = false; $("summary", open).focus(); return; }
  }
  if (event.key === "ArrowUp" && form && event.target.matches("textarea") && !event.target.value) {
    const mine = $$("[data-list] .message:has([data-edit])", form.closest(".thread, .main")).pop();
    if (mine) { event.preventDefault(); edit(mine); return; }
  }
  if (!form || !event.target.matches("textarea") || steer(form, event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
});
document.addEventListener("dragover", (event) => { if ($(".main .composer")) event.preventDefault(); });
document.addEventListener("drop", (event) => {
  const pane = event.target.closest(".thread, .main");
  const form = pane && $("[data-composer]", pane);
  if (form && event.dataTransfer.files.length) { event.preventDefault(); attach(form, event.dataTransfer.files); }
});
document.addEventListener("cancel", (event) => {
  if (event.target.id === "modals") { event.preventDefault(); const top = topModal(); if (top) dismiss(top, false); }
}, true);
addEventListener("popstate", () => go(location.href, { push: false }));
settle();
stack();
listen();
