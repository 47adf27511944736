/** What a client holds that slept too long: a resourceVersion and a continue token whose history is gone. */

import { request } from "node:https";
import type { Server } from "./servers.ts";

export interface Past {
  readonly namespace: string;
  readonly resourceVersion: string;
  /** Of a list of the namespace's Secrets. */
  readonly continue: string;
}

const NAMESPACE = "past";

interface Answer {
  metadata?: { resourceVersion?: string; continue?: string };
  /** Of a Status. */
  code?: number;
  /** Of a watch's event. */
  object?: { code?: number };
}

/** The JSON of an answer, or of a watch's first line. */
function ask(server: Server, method: string, path: string, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${server.token}`, "content-type": "application/json" };
    const asked = request(server.url + path, { method, headers, ca: server.ca }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve(JSON.parse(text.split("\n", 1)[0] || "{}")));
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Notes a list's version and token, and waits until both have expired. */
export async function outlive(server: Server): Promise<Past> {
  const secrets = `/api/v1/namespaces/${NAMESPACE}/secrets`;
  await ask(server, "POST", "/api/v1/namespaces", { metadata: { name: NAMESPACE } });
  for (const name of ["a", "b", "c"]) await ask(server, "POST", secrets, { metadata: { name } });
  const { metadata = {} } = await ask(server, "GET", `${secrets}?limit=1`);
  const past = {
    namespace: NAMESPACE,
    resourceVersion: metadata.resourceVersion ?? "",
    continue: metadata.continue ?? "",
  };
  for (let second = 0; second < 60; second++) {
    // Compaction stops before the newest version that there was.
    await ask(server, "DELETE", `${secrets}/c`);
    await ask(server, "POST", secrets, { metadata: { name: "c" } });
    const watch = `${secrets}?watch=1&timeoutSeconds=1&resourceVersion=${past.resourceVersion}`;
    const watched = await ask(server, "GET", watch);
    const listed = await ask(server, "GET", `${secrets}?limit=1&continue=${past.continue}`);
    if (listed.code === 410 && (watched.code === 410 || watched.object?.code === 410)) return past;
  }
  throw new Error("the history of a minute ago is still there");
}
