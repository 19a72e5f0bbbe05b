// Every request of the desk: the token and its renewal, the language, one key for one request, versions, refusals.

const SIGNED_IN = "desk.session";
let session = JSON.parse(sessionStorage.getItem(SIGNED_IN) ?? "null");
let renewing = null;

/** What the service refused: its problem document (RFC 9457). */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export const language = () => localStorage.getItem("desk.language") ?? "zh";
export const speak = (chosen) => localStorage.setItem("desk.language", chosen);
export const signedIn = () => session !== null;

function keep(token) {
  session = token;
  if (token) sessionStorage.setItem(SIGNED_IN, JSON.stringify(token));
  else sessionStorage.removeItem(SIGNED_IN);
}

/** Sign in with what the token endpoint takes; with a second factor, once more with its challenge and code. */
export async function signIn(fields) {
  keep(await token(fields));
}

export async function signOut() {
  const { refresh_token } = session ?? {};
  keep(null);
  if (refresh_token) await send("POST", "/v1/tokens/revocation", { body: { refresh_token } }).catch(() => undefined);
}

async function token(fields) {
  const response = await fetch("/v1/tokens", {
    method: "POST",
    headers: { "Accept-Language": language() },
    body: new URLSearchParams(fields),
  });
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer);
  return answer;
}

// Two requests that find the token ended renew it once: a refresh token that is used twice ends the session.
async function renew() {
  renewing ??= token({ grant_type: "refresh_token", refresh_token: session.refresh_token })
    .then(keep, () => keep(null))
    .finally(() => (renewing = null));
  await renewing;
}

/** Any request. `file` is sent as it is; `body` as JSON. The answer's JSON, null where it has none, or the bytes, of the
 * type that is asked for (`accept`). */
export async function send(method, path, { body, file, type, key, version, bytes, accept } = {}) {
  const request = () => {
    const headers = { "Accept-Language": language() };
    if (session) headers.Authorization = `Bearer ${session.access_token}`;
    if (accept) headers.Accept = accept;
    if (key) headers["Idempotency-Key"] = key;
    if (version !== undefined && version !== null) headers["If-Match"] = `"${version}"`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (file) headers["Content-Type"] = type;
    return fetch(path, { method, headers, body: file ?? (body === undefined ? undefined : JSON.stringify(body)) });
  };
  let response = await request();
  if (response.status === 401 && session?.refresh_token) {
    await renew();
    if (session) response = await request();
  }
  if (!response.ok) {
    if (response.status === 401) keep(null);
    throw new Refused(await response.json());
  }
  if (bytes) return { content: await response.blob(), name: nameOf(response, path) };
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

export const read = (path) => send("GET", path);

function nameOf(response, path) {
  const told = response.headers.get("Content-Disposition") ?? "";
  const written = /filename\*=UTF-8''([^;]+)/i.exec(told);
  return written ? decodeURIComponent(written[1]) : (/filename="([^"]+)"/.exec(told)?.[1] ?? path.split("/").at(-2));
}
