import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Door } from "./kill.ts";
import type { Action, Found, Ledger } from "./ledger.ts";
import type { Seeded } from "./seeded.ts";
import { makeText, numberInText } from "./text.ts";

/** Kills the server and speaks to it as any client does: ConfigMaps over HTTPS. */
export class HttpDoor implements Door {
  #server: Server | undefined;

  async writeAndKill(path: string, ledger: Ledger, random: Seeded): Promise<void> {
    this.#server ??= await Server.start(path);
    const server = this.#server;
    const killAfter = ledger.acknowledgements + random.below(400);
    const lanes = Array.from({ length: laneCount }, async (_, lane) => {
      while (ledger.acknowledgements < killAfter && (await writeOne(server, ledger, random, lane)));
      await server.kill();
    });
    await Promise.all(lanes);
    this.#server = undefined;
  }

  async check(path: string, ledger: Ledger): Promise<string[]> {
    this.#server = await Server.start(path);
    const { status, body } = await this.#server.ask("GET", collection);
    if (status !== 200) return [`the list is answered with ${status}`];
    const list = body as ConfigMapList;
    const found = new Map<string, Found>();
    for (const { metadata, data } of list.items) {
      const number = numberInText(metadata.name, data?.["text"] ?? "");
      if (metadata.name.startsWith("kill-"))
        found.set(metadata.name, { number, revision: Number(metadata.resourceVersion) });
    }
    const revision = Number(list.metadata.resourceVersion);
    const problems = ledger.compare(found, revision);
    ledger.settle(found, revision);
    return problems;
  }

  async close(): Promise<void> {
    await this.#server?.kill();
    this.#server = undefined;
  }
}

const laneCount = 8;
const keysPerLane = 5;
const collection = "/api/v1/namespaces/default/configmaps";

interface ConfigMap {
  metadata: { name: string; resourceVersion: string };
  data?: Record<string, string>;
}

interface ConfigMapList {
  metadata: { resourceVersion: string };
  items: ConfigMap[];
}

interface Answer {
  status: number;
  body: unknown;
}

/** One write through the API; false when the server has gone. */
async function writeOne(server: Server, ledger: Ledger, random: Seeded, lane: number): Promise<boolean> {
  const name = `kill-${lane}-${random.below(keysPerLane)}`;
  const number = ledger.next++;
  const text = makeText(name, number, random.below(3000));
  const remove = random.below(4) === 0;
  try {
    const current = await server.ask("GET", `${collection}/${name}`);
    const action: Action = current.status === 404 ? "create" : remove ? "delete" : "update";
    const { resourceVersion } = (current.body as Partial<ConfigMap>).metadata ?? {};
    // What can be read must be safe as well.
    ledger.told(Number(resourceVersion ?? 0));
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, resourceVersion },
      data: { text },
    };
    ledger.asked(name, action, number);
    const answer = await server.ask(
      methods[action],
      action === "create" ? collection : `${collection}/${name}`,
      {
        body: action === "delete" ? undefined : object,
      },
    );
    if (answer.status !== (action === "create" ? 201 : 200)) {
      throw new Refused(
        `${action} of ${name} is answered with ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    const told = action === "delete" ? 0 : Number((answer.body as ConfigMap).metadata.resourceVersion);
    ledger.acknowledged(name, action, number, told);
    return true;
  } catch (error) {
    if (error instanceof Refused) throw error;
    return false;
  }
}

const methods = { create: "POST", update: "PUT", delete: "DELETE" } as const;

class Refused extends Error {}

/** kubefacade as its users start it. */
class Server {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly #url: string;
  readonly #agent: Agent;
  readonly #ended: Promise<void>;

  private constructor(child: ChildProcessByStdio<null, Readable, null>, url: string, agent: Agent) {
    this.#child = child;
    this.#url = url;
    this.#agent = agent;
    this.#ended = new Promise((resolve) => child.once("exit", () => resolve()));
  }

  static async start(dataDir: string): Promise<Server> {
    const command = join(import.meta.dirname, "../../cli/kubefacade.ts");
    const flags = ["--storage", "level", "--data-dir", dataDir, "--secure-port", "0"];
    const child = spawn(process.execPath, [command, "up", ...flags], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const [found] = /https:\/\/[\w.[\]:-]+/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
      child.once("exit", (code) =>
        reject(new Error(`the server ended with code ${code} before it was ready`)),
      );
    });
    const kubeconfig = await readFile(join(dataDir, "kubeconfig"), "utf8");
    const field = (name: string) =>
      Buffer.from(new RegExp(`${name}: (\\S+)`).exec(kubeconfig)?.[1] ?? "", "base64").toString();
    const agent = new Agent({
      keepAlive: true,
      ca: field("certificate-authority-data"),
      cert: field("client-certificate-data"),
      key: field("client-key-data"),
    });
    return new Server(child, url, agent);
  }

  ask(method: string, path: string, { body }: { body?: unknown } = {}): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const headers = { "content-type": "application/json", accept: "application/json" };
    const outgoing = request(
      `${this.#url}${path}`,
      { method, agent: this.#agent, headers },
      async (incoming) => {
        try {
          let text = "";
          for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
          resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) });
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    this.#agent.destroy();
  }
}
