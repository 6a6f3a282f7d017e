// Asking the program: the key of the session, and one question at a time of which the newest is answered.

const KEY = "csmsim-session"; // kept for this origin, port included; of no use once the program has ended

export class Refusal extends Error {}

async function session() {
  const address = new URL(location.href);
  const token = address.searchParams.get("token");
  if (token !== null) {
    address.searchParams.delete("token");
    history.replaceState(null, "", address.pathname + address.search + location.hash);
    const answer = await send("/api/session", { token }, null);
    if (answer.ok) localStorage.setItem(KEY, (await answer.json()).session);
    else if (localStorage.getItem(KEY) === null) throw new Refusal((await answer.json()).sentence);
  }
}

function send(path, body, key) {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` };
  if (body === undefined) return fetch(path, { headers });
  headers["content-type"] = "application/json";
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

let opened = null;

// The answer to a question; undefined where a newer one of the same page was asked meanwhile.
export async function ask(path, body) {
  opened ??= session();
  await opened;
  let answer;
  try {
    answer = await send(path, body, localStorage.getItem(KEY) ?? "");
  } catch {
    throw new Refusal("csmsim app has ended: start it again, and open the address that it prints.");
  }
  const told = await answer.json();
  if (answer.ok) return told.superseded ? undefined : told;
  throw new Refusal(told.sentence ?? `The program answered ${answer.status}.`);
}

// At most one question is under way, and at most one waits: the newest.
export class Newest {
  constructor(question, answered, failed) {
    Object.assign(this, { question, answered, failed, waiting: null, busy: false });
  }

  async put(asked) {
    this.waiting = asked;
    if (this.busy) return;
    this.busy = true;
    while (this.waiting !== null) {
      const now = this.waiting;
      this.waiting = null;
      try {
        this.answered(await this.question(now), now, this.waiting === null);
      } catch (error) {
        this.failed(error);
      }
    }
    this.busy = false;
  }
}
