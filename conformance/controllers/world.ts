/** What a scenario works with: a server whose controllers run somewhere. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { type Client, connect, type KubeObject, type ResourceReference, StatusError } from "../../index.ts";

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind, as JSON has them.
export type Any = any;

export type Connected = Awaited<ReturnType<typeof connect>>;

export interface World {
  /** Of an administrator. */
  client: Connected;
  url: string;
  /** PEM of the authority that clients trust. */
  ca: string;
  /** Where files may be put. */
  folder: string;
  /** A client that logs in otherwise. */
  as(user: Record<string, string>): Promise<Connected>;
}

export interface Scenario {
  name: string;
  /** Pairings where it cannot be played, and why. */
  notIn?: Readonly<Record<string, string>>;
  /** It changes what all others see, and so is played after them. */
  isAlone?: true;
  /** What is there before the controllers run. */
  before?(world: World): Promise<void>;
  /** What is left then, if it has to be the same with every pairing. */
  play(world: World): Promise<unknown>;
}

export const core = (resource: string, namespace = ""): ResourceReference => ({
  ...{ group: "", version: "v1", resource, namespace },
});

export const inGroup = (group: string, resource: string, namespace = ""): ResourceReference => ({
  ...{ group, version: "v1", resource, namespace },
});

export async function newNamespace({ client }: World, name: string): Promise<void> {
  await client.create(core("namespaces"), { kind: "Namespace", apiVersion: "v1", metadata: { name } });
}

export const configMap = (name: string, metadata: Partial<KubeObject["metadata"]> = {}): KubeObject => ({
  ...{ kind: "ConfigMap", apiVersion: "v1", metadata: { name, ...metadata } },
});

/** An owner reference to an object. */
export const ownedBy = ({ kind = "", apiVersion = "", metadata }: KubeObject, more: object = {}) => ({
  ownerReferences: [{ kind, apiVersion, name: metadata.name!, uid: metadata.uid!, ...more }],
});

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks again until the check passes, or says why it does not. */
export async function eventually<T>(check: () => Promise<T>, seconds = 40): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** For as long as it takes to be sure that nothing happens. */
export const aWhile = (): Promise<unknown> => sleep(1500);

export async function isThere(client: Client, resource: ResourceReference, name: string): Promise<boolean> {
  try {
    await client.get(resource, name);
    return true;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return false;
    throw error;
  }
}

export async function gone(client: Client, resource: ResourceReference, name: string): Promise<void> {
  await eventually(async () => {
    if (await isThere(client, resource, name)) throw new Error(`${resource.resource} ${name} is still there`);
  });
}

/** Takes all finalizers from an object. */
export const release = (client: Client, resource: ResourceReference, name: string): Promise<KubeObject> =>
  client.patch(resource, name, { metadata: { finalizers: null } }, { type: "merge" });

export interface KeyPair {
  cert: string;
  key: string;
}

/** A new authority. */
export function newAuthority(folder: string): KeyPair & { certFile: string; keyFile: string } {
  const [certFile, keyFile] = [join(folder, "ca.pem"), join(folder, "ca.key")];
  const subject = ["-subj", "/CN=scenarios", "-days", "30"];
  const out = ["-keyout", keyFile, "-out", certFile];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, ...out], {
    stdio: "ignore",
  });
  return { certFile, keyFile, cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
}

/** A key, and a request for its certificate in the form of spec.request. subject: "/O=group/CN=name" */
export function newCertificateRequest(folder: string, subject: string): { request: string; key: string } {
  const place = mkdtempSync(join(folder, "request-"));
  const [keyFile, requestFile] = [join(place, "key"), join(place, "request")];
  const out = ["-keyout", keyFile, "-out", requestFile];
  execFileSync("openssl", ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", subject, ...out], {
    stdio: "ignore",
  });
  return { request: readFileSync(requestFile).toString("base64"), key: readFileSync(keyFile, "utf8") };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Opens clients of a server, each by a kubeconfig of its own. */
export function opener(server: { url: string; ca: string; folder: string }) {
  let count = 0;
  return (user: Record<string, string>): Promise<Connected> => {
    const kubeconfig = join(server.folder, `kubeconfig-${count++}`);
    const config = {
      "current-context": "c",
      clusters: [
        { name: "c", cluster: { server: server.url, "certificate-authority-data": base64(server.ca) } },
      ],
      users: [{ name: "u", user }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    return connect({ kubeconfig });
  };
}

/** Who a server takes a client for. */
export async function userOf(client: Client): Promise<Any> {
  const reviews = inGroup("authentication.k8s.io", "selfsubjectreviews");
  const answer = (await client.create(reviews, { metadata: {} })) as Any;
  return answer.status.userInfo;
}

/** What a server warns of who asks with a token; undefined: of nothing. */
export function warningFor({ url, ca }: World, token: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(`${url}/version`, { ca, headers }, (answer) => {
      answer.resume();
      resolve(answer.headers.warning);
    });
    asked.on("error", reject).end();
  });
}

export { base64 };
