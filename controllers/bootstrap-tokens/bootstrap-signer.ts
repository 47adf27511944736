import { createHmac } from "node:crypto";
import {
  dataOf,
  isBootstrapToken,
  type Secret,
  secretsResource,
  timeLeft,
} from "../../api/bootstrap-token.ts";
import type { KubeObject } from "../../api/object.ts";
import { objectKey } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { tolerateRace } from "../tolerate-race.ts";

const configMapsResource = {
  ...{ group: "", version: "v1", resource: "configmaps", namespace: "kube-public" },
} as const;
const allConfigMaps = { group: "", version: "v1", resource: "configmaps" } as const;
const clusterInfo = "kube-public/cluster-info";
const signaturePrefix = "jws-kubeconfig-";

interface ConfigMap extends KubeObject {
  data?: Readonly<Record<string, string>>;
}

/**
 * Signs the cluster's address and authority with every bootstrap token, for nodes that know only such a token.
 * Source: pkg/controller/bootstrap/bootstrapsigner.go.
 */
export function makeBootstrapSigner(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const configMaps = informers.of<ConfigMap>(allConfigMaps);
  const secrets = informers.of<Secret>(secretsResource);
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work() {
      const info = configMaps.objects.get(clusterInfo);
      const content = info?.data?.["kubeconfig"];
      if (!info || content === undefined) return;
      const tokens = [...secrets.objects.values()].filter((one) => isForSigning(one, clock.now()));
      const signatures = tokens.map((token) => {
        const id = dataOf(token, "token-id");
        return [signaturePrefix + id, signatureOf(content, id, dataOf(token, "token-secret"))] as const;
      });
      const others = Object.entries(info.data ?? {}).filter(([key]) => !key.startsWith(signaturePrefix));
      const data = Object.fromEntries([...others, ...signatures]);
      if (isSame(data, info.data ?? {})) return;
      const changed: ConfigMap = { ...info, data };
      await tolerateRace(client.update(configMapsResource, changed));
    },
  });
  configMaps.onChange((now) => {
    if (now && objectKey(now) === clusterInfo) queue.add(clusterInfo);
  });
  secrets.onChange((now, before) => {
    if (isBootstrapToken((now ?? before)!)) queue.add(clusterInfo);
  });
}

function isForSigning(secret: Secret, now: number): boolean {
  if (!isBootstrapToken(secret)) return false;
  const id = dataOf(secret, "token-id");
  return (
    id !== "" &&
    secret.metadata.name === `bootstrap-token-${id}` &&
    dataOf(secret, "token-secret") !== "" &&
    timeLeft(secret, now) !== 0 &&
    dataOf(secret, "usage-bootstrap-signing") === "true"
  );
}

/** A JSON Web Signature without its content (RFC 7515, appendix F). Source: k8s.io/cluster-bootstrap/token/jws. */
export function signatureOf(content: string, id: string, secret: string): string {
  const encode = (text: string) => Buffer.from(text).toString("base64url");
  const header = encode(JSON.stringify({ alg: "HS256", kid: id }));
  const signature = createHmac("sha256", secret)
    .update(`${header}.${encode(content)}`)
    .digest("base64url");
  return `${header}..${signature}`;
}

const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => b[key] === value);
