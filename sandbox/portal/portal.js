// The smallest portal there is: an act as it was offered, its form as it is described, sent as it says.
// Its address says which: #{"api": …, "token": …, "form": …, "path": …, "language": "zh"}

import { Form } from "./form.js";

const asked = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const headers = asked.token ? { Authorization: `Bearer ${asked.token}` } : {};
const get = async (path) => fetch(asked.api + path, { headers });
const main = document.querySelector("main");

const description = await (await get(asked.form)).json();
const vocabularies = await (await get("/v1/vocabularies")).json();
const plain = (value) => ({ value, zh: value, en: value });
const units = vocabularies.recommending_units;
const lists = {
  areas: vocabularies.areas.map(plain),
  departments: vocabularies.departments,
  recommending_units: units.map((unit) => ({ value: unit.id, zh: unit.name, en: unit.name })),
  sectors: vocabularies.sectors.flatMap((section) => section.divisions),
};
const form = new Form(description, lists, asked.language);
const sent = document.createElement("form");
const button = document.createElement("button");
const answer = document.createElement("output");
const title = document.createElement("h1");
title.textContent = description[`title_${asked.language}`];
button.textContent = "OK";
sent.append(form.element, button);
main.append(title, sent, answer);
document.title = title.textContent;

sent.addEventListener("submit", async (event) => {
  event.preventDefault();
  const more = { "Content-Type": "application/json", "Accept-Language": asked.language };
  // What is changed is named by the version that was seen.
  if (description.method === "PATCH") more["If-Match"] = (await get(asked.path)).headers.get("ETag");
  const body = JSON.stringify(form.body());
  const { method } = description;
  const response = await fetch(asked.api + asked.path, { method, headers: { ...headers, ...more }, body });
  answer.value = `${response.status} ${await response.text()}`;
});
main.dataset.ready = "true";
