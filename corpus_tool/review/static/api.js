// The server's addresses (docs/review-api.md). The cookie carries the token; the page never holds it.

export class Refused extends Error {
  constructor(status, body) {
    super(body.error ?? `the server answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {}

async function ask(path, init = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch {
    throw new Unreachable("corpus-tool does not answer. Is the command still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body);
  return body;
}

const address = (id, rest = "") => `/api/documents/${encodeURIComponent(id)}${rest}`;
const query = (values) => `?${new URLSearchParams(values)}`;

function post(path, etag, body) {
  const headers = { "Content-Type": "application/json", "If-Match": `"${etag}"` };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export const getCorpus = () => ask("/api/corpus");
export const getQueue = (values) => ask(`/api/queue${query(values)}`);
export const getDocument = (id, span) => ask(address(id, span ? query({ span }) : ""));
export const getEtag = (id) => ask(address(id, "/etag"));
export const getPlaces = (id, values) => ask(address(id, `/places${query(values)}`));
export const getVersions = (id) => ask(address(id, "/versions"));
export const explain = (code) => ask(`/api/explain/${encodeURIComponent(code)}`);
export const postEdits = (id, etag, edits) => post(address(id, "/edits"), etag, { edits });
export const postStep = (id, etag, step) => post(address(id, `/${step}`), etag, {});
