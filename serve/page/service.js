// What the page asks the server. The token lives in this module's memory alone.

let token = "";

export function useToken(text) {
  token = text;
}

// ServiceError is what the server, or the way to it, said instead of an answer.
export class ServiceError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

async function ask(path, options) {
  const headers = { Accept: "application/json", ...options.headers };
  if (token) headers.Authorization = `Bearer ${token}`;
  let response, text;
  try {
    response = await fetch(path, { ...options, headers, cache: "no-store", credentials: "omit" });
    text = await response.text();
  } catch (e) {
    throw new ServiceError(`the server cannot be reached: ${e.message}`);
  }
  const answer = parsed(text);
  if (response.ok && answer) return answer;
  throw new ServiceError(answer?.error ?? `the server answered with status ${response.status}`, response.status);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const models = () => ask("v1/models", {});

export const retrieve = question => ask("v1/retrieve", {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question),
});

// curl returns the command that gives the same answer.
export function curl(question) {
  const quoted = text => `'${text.replaceAll("'", `'\\''`)}'`;
  const url = new URL("v1/retrieve", document.baseURI).href;
  const lines = [`curl ${quoted(url)}`, `-H 'Content-Type: application/json'`];
  if (token) lines.push(`-H "Authorization: Bearer $CEI_TOKEN"`);
  lines.push(`-d ${quoted(JSON.stringify(question))}`);
  return lines.join(" \\\n  ");
}
