// The page around verify_draw.js: a file that the reader chooses, or ?transcript=/path of this host.
"use strict";

const result = document.getElementById("result");
const plan = document.getElementById("plan");
const file = document.getElementById("file");

function line(kind, chinese, english) {
  const told = document.createElement("p");
  told.className = kind;
  told.textContent = chinese ? `${chinese} · ${english}` : english;
  result.append(told);
}

function show(state, report) {
  result.replaceChildren();
  result.dataset.state = state;
  if (state === "differs") line("differs", "不一致", report.difference);
  if (state === "holds") line("holds", "核验一致", "the transcript follows from its freeze, nonces and public number");
  for (const what of report.unchecked) line("unchecked", "未能核验", what);
  for (const what of report.notes) line("note", "说明", what);
}

function check(bytes) {
  result.dataset.state = "computing";
  result.textContent = "计算中… computing…";
  setTimeout(() => {
    const report = verifyDraw(new Uint8Array(bytes), plan.value.trim() || undefined);
    show(report.difference ? "differs" : "holds", report);
  }, 20);
}

async function fetched(path) {
  // a path of this host and nothing else
  const url = new URL(path, location.href);
  if (url.origin !== location.origin) throw new Error("only transcripts of this host can be fetched");
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url.pathname}: ${answer.status}`);
  return answer.arrayBuffer();
}

function failed(error) {
  result.dataset.state = "failed";
  result.textContent = `无法读取 · cannot be read: ${error.message}`;
}

async function chosen() {
  if (file.files.length) check(await file.files[0].arrayBuffer());
}

document.getElementById("form").addEventListener("submit", (event) => event.preventDefault());
file.addEventListener("change", () => chosen().catch(failed));
plan.addEventListener("change", () => chosen().catch(failed));

const asked = new URLSearchParams(location.search);
plan.value = asked.get("plan_hash") ?? "";
if (asked.has("transcript")) fetched(asked.get("transcript")).then(check, failed);
