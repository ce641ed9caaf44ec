// Keys, the command palette, and live rows. Everything here can also be done without it.
"use strict";

const csrf = document.querySelector("meta[name=csrf]").content;
const $ = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const rows = () => all("#queue tbody tr[data-ref]");
document.body.dataset.js = "1";

// --- the row somebody is at -------------------------------------------------------------------
let at = null;
const KEPT = "desk-at";

function go(row) {
  if (!row) return;
  $("tr.at")?.classList.remove("at");
  at = row.dataset.ref;
  row.classList.add("at");
  row.scrollIntoView({ block: "nearest" });
  $("a.open", row).focus({ preventScroll: true });
  sessionStorage.setItem(KEPT, at);
}
const here = () => (at ? document.getElementById(`r-${at}`) : null);
function step(by) {
  const list = rows();
  const place = list.indexOf(here());
  go(list[place < 0 ? 0 : Math.min(Math.max(place + by, 0), list.length - 1)]);
}

// --- deciding from the list -------------------------------------------------------------------
async function accept(row) {
  const body = new URLSearchParams({ csrf, kind: "accept", version: row.dataset.version, back: "queue" });
  const answer = await fetch(`/case/${row.dataset.ref}/decide`, { method: "POST", body });
  if (!answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    say($("[role=alert]", page)?.textContent || "–");
  }
  await refresh([row.dataset.ref]);
}

function say(text) {
  const live = document.getElementById("live");
  live.textContent = text;
}

// --- live: rows change where they are, new cases wait until they are asked for ------------------
async function refresh(refs) {
  const wanted = refs.filter((ref) => document.getElementById(`r-${ref}`));
  if (!wanted.length) return;
  const answer = await fetch(`/rows?refs=${wanted.join(",")}`);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const fresh of all("tr[data-ref]", page)) {
    const old = document.getElementById(fresh.id);
    if (!old || old.dataset.version === fresh.dataset.version) continue;
    const focused = old.contains(document.activeElement);
    $("input[type=checkbox]", fresh).checked = $("input[type=checkbox]", old).checked;
    if (old.classList.contains("at")) fresh.classList.add("at");
    fresh.classList.add("fresh");
    old.replaceWith(fresh);
    if (focused) $("a.open", fresh).focus({ preventScroll: true });
  }
}

function listen() {
  if (!$("#queue")) return;
  const unseen = new Set();
  const source = new EventSource("/events");
  const live = document.getElementById("live");
  source.onopen = () => { live.classList.add("on"); live.textContent = live.dataset.on || "live"; };
  source.onerror = () => { live.classList.remove("on"); live.textContent = ""; };
  source.addEventListener("cases", (event) => {
    const refs = JSON.parse(event.data);
    refresh(refs);
    for (const ref of refs) if (!document.getElementById(`r-${ref}`)) unseen.add(ref);
    const pill = document.getElementById("fresh");
    if (unseen.size) {
      pill.hidden = false;
      $("a", pill).textContent = `${unseen.size} ${pill.dataset.words || "new or changed"}`;
    }
  });
  window.addEventListener("pagehide", () => source.close());
}

// --- the palette --------------------------------------------------------------------------------
const palette = document.getElementById("palette");
function commands() {
  const found = [];
  for (const link of all("header nav a, nav.tabs a")) found.push([link.textContent.trim().replace(/\s+/g, " "), () => link.click()]);
  for (const form of all("details.decide")) found.push([$("summary", form).textContent.trim().replace(/\s+/g, " "), () => open(form)]);
  for (const row of rows()) found.push([$("td.event", row).textContent.trim().replace(/\s+/g, " "), () => $("a.open", row).click()]);
  return found;
}
function showPalette() {
  const list = document.getElementById("commands");
  const input = document.getElementById("command");
  const known = commands();
  let shown = [], chosen = 0;
  const paint = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = known.filter(([name]) => words.every((word) => name.toLowerCase().includes(word))).slice(0, 12);
    chosen = Math.min(chosen, Math.max(shown.length - 1, 0));
    list.replaceChildren(...shown.map(([name], n) => {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `command-${n}`;
      item.textContent = name;
      item.setAttribute("aria-selected", n === chosen);
      item.onclick = () => run(n);
      return item;
    }));
    input.setAttribute("aria-activedescendant", shown.length ? `command-${chosen}` : "");
  };
  const run = (n) => { palette.close(); shown[n]?.[1](); };
  input.value = "";
  input.oninput = () => { chosen = 0; paint(); };
  input.onkeydown = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(shown.length, 1);
      paint();
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(chosen);
    }
  };
  paint();
  palette.showModal();
  input.focus();
}

// --- keys -----------------------------------------------------------------------------------------
function open(form) {
  form.open = true;
  form.scrollIntoView({ block: "nearest" });
  $("select, textarea, input:not([type=hidden]), button", $("form", form)).focus();
}
const caseLink = (part) => {
  const row = here();
  if (row) return `/case/${row.dataset.ref}${part}`;
  const found = location.pathname.match(/^\/case\/[0-9a-f]+/);
  return found ? found[0] + part : null;
};
function visit(part) {
  const link = caseLink(part);
  if (link) location.href = link;
}
let going = false;
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    palette.open ? palette.close() : showPalette();
    return;
  }
  if (event.key === "Escape") {
    all("details.menu[open]").forEach((each) => { each.open = false; });
    if (/INPUT|TEXTAREA|SELECT/.test(document.activeElement?.tagName)) document.activeElement.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || palette.open) return;
  if (/INPUT|TEXTAREA|SELECT/.test(event.target.tagName) && event.target.type !== "checkbox") return;
  const key = event.key;
  if (going) {
    going = false;
    const tab = all("[data-go]").find((each) => each.dataset.go === key);
    if (tab) tab.click();
    else if (key === "g") location.href = "/";
    return;
  }
  const form = all("details.decide[data-key]").find((each) => each.dataset.key === key);
  const row = here();
  switch (key) {
    case "j": case "k": if (rows().length) step(key === "j" ? 1 : -1); break;
    case "Enter": if (row && event.target.tagName !== "A" && event.target.tagName !== "BUTTON" && event.target.tagName !== "SUMMARY") $("a.open", row).click(); else return; break;
    case "x": if (row) $("input[type=checkbox]", row).click(); break;
    case "g": going = true; setTimeout(() => { going = false; }, 1500); break;
    case "/": document.getElementById("search").focus(); break;
    case "?": location.href = "/help"; break;
    case "w": visit("/why"); break;
    case "d": visit("/duplicates"); break;
    case "c": visit("/documents#cioms"); break;
    case "e": visit("/documents#e2b"); break;
    case "t": visit("/timeline"); break;
    case "v": visit("/versions"); break;
    case "h": visit("/history"); break;
    case "a": if (form) open(form); else if (row) accept(row); else return; break;
    case "s": case "u": case "r":
      if (form) open(form);
      else if (row) location.href = `/case/${row.dataset.ref}#${{ s: "form-confirm_seriousness", u: "form-assess_listedness", r: "form-assess_causality" }[key]}`;
      else return;
      break;
    default: return;
  }
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open=palette]")) showPalette();
  for (const each of all("details.menu[open]")) if (!each.contains(event.target)) each.open = false;
});
document.addEventListener("change", (event) => {
  if (event.target.name !== "ref") return;
  const count = document.getElementById("picked");
  if (count) count.textContent = all("input[name=ref]:checked").length;
});

// A form is named in the address where a key of the list asked for it.
const named = location.hash.startsWith("#form-") && document.getElementById(location.hash.slice(1));
if (named) open(named);
const kept = sessionStorage.getItem(KEPT);
if (kept && document.getElementById(`r-${kept}`)) go(document.getElementById(`r-${kept}`));
listen();
