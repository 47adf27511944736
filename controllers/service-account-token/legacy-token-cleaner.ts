import type { KubeObject } from "../../api/object.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { secretNamesOf } from "./mounted-secrets.ts";

const core = { group: "", version: "v1" } as const;
const secretsResource = { ...core, resource: "secrets" } as const;
const lastUsedLabel = "kubernetes.io/legacy-token-last-used";
const invalidSinceLabel = "kubernetes.io/legacy-token-invalid-since";
const day = 86_400_000;
const period = day;
const year = 365 * day;

interface Secret extends KubeObject {
  type?: string;
}
interface Account extends KubeObject {
  secrets?: readonly { name?: string }[];
}

/**
 * Once a day: marks token secrets that the cluster has made and nobody has used for a year as invalid, and a year later
 * deletes them. Source: pkg/controller/serviceaccount/legacy_serviceaccount_token_cleaner.go.
 */
export function makeLegacyTokenCleaner(context: ControllerContext): void {
  const { client, reader, clock, signal, onError, informers, ready } = context;
  /** How long a token may stay unused, and then be invalid. */
  const { legacyTokenCleanUpPeriod: patience = year } = context;
  const accounts = informers.of<Account>({ ...core, resource: "serviceaccounts" });
  const secrets = informers.of<Secret>(secretsResource);
  const pods = { ...core, resource: "pods" };

  const isGenerated = ({ metadata }: Secret): boolean => {
    const { "kubernetes.io/service-account.name": name, "kubernetes.io/service-account.uid": uid } =
      metadata.annotations ?? {};
    const account = name ? accounts.objects.get(`${metadata.namespace}/${name}`) : undefined;
    return (
      !!account &&
      (!uid || uid === account.metadata.uid) &&
      !!account.secrets?.some((reference) => reference.name === metadata.name)
    );
  };
  const isMounted = async ({ metadata: { namespace = "", name = "" } }: Secret): Promise<boolean> => {
    const { items } = await reader.list({ ...pods, namespace });
    return items.some((pod) => secretNamesOf(pod).has(name));
  };
  const clean = async (secret: Secret): Promise<void> => {
    const now = clock.now();
    if (!isUnused(secret, now - patience) || !isGenerated(secret) || (await isMounted(secret))) return;
    const { namespace = "", name = "", uid = "", resourceVersion = "", labels = {} } = secret.metadata;
    const place = { ...secretsResource, namespace };
    const invalidSince = labels[invalidSinceLabel];
    if (!isDay(invalidSince)) {
      const marked = { metadata: { uid, labels: { [invalidSinceLabel]: dayOf(now) } } };
      await tolerateRace(client.patch(place, name, marked, { type: "merge" }));
    } else if (invalidSince < dayOf(now - patience)) {
      await tolerateRace(client.delete(place, name, { preconditions: { resourceVersion } }));
    }
  };

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(key) {
      queue.addAfter(key, period);
      const trackedSince = await latestBeginning(context);
      if (trackedSince === undefined || clock.now() < trackedSince + patience) return;
      for (const secret of [...secrets.objects.values()]) await clean(secret);
    },
  });
  queue.add("tokens");
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** Neither made nor used since then. */
export function isUnused({ type, metadata }: Secret, since: number): boolean {
  if (type !== "kubernetes.io/service-account-token" || metadata.deletionTimestamp !== undefined)
    return false;
  if (Date.parse(metadata.creationTimestamp ?? "") >= since) return false;
  const lastUsed = metadata.labels?.[lastUsedLabel];
  return lastUsed === undefined || (isDay(lastUsed) && lastUsed < dayOf(since));
}

/** From when on the use of tokens has been written down at the latest. */
async function latestBeginning({ client }: ControllerContext): Promise<number | undefined> {
  const place = { ...core, resource: "configmaps", namespace: "kube-system" };
  const found = await client.get(place, "kube-apiserver-legacy-service-account-token-tracking");
  const { since } = (found as KubeObject & { data?: { since?: string } }).data ?? {};
  return isDay(since) ? Date.parse(since) + day : undefined;
}
