import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import { objectKey } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { tolerateRace } from "../tolerate-race.ts";

const accountsResource = { group: "", version: "v1", resource: "serviceaccounts" } as const;
const secretsResource = { group: "", version: "v1", resource: "secrets" } as const;
const tokenType = "kubernetes.io/service-account-token";
const nameAnnotation = "kubernetes.io/service-account.name";
const uidAnnotation = "kubernetes.io/service-account.uid";
const workers = 5;

interface Secret extends KubeObject {
  type?: string;
  data?: Readonly<Record<string, string>>;
}
interface Account extends KubeObject {
  secrets?: readonly { name?: string }[];
}

type IssuingContext = ControllerContext & Required<Pick<ControllerContext, "legacyToken">>;

/**
 * Fills secrets that are to hold the token of a service account, and deletes them with the account.
 * Source: pkg/controller/serviceaccount/tokens_controller.go.
 */
export function makeServiceAccountTokenController(options: ControllerContext): void {
  const { clock, signal, onError, informers, ready, legacyToken } = options;
  if (!legacyToken) return;
  const context = { ...options, legacyToken };
  const accounts = informers.of<Account>(accountsResource);
  const secrets = informers.of<Secret>(secretsResource);
  const tokens = secrets.index((secret) => (secret.type === tokenType ? [accountKeyOf(secret)] : []));

  const filling = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(key) {
      const secret = secrets.objects.get(key);
      if (!secret || secret.type !== tokenType || !secret.metadata.annotations?.[nameAnnotation]) return;
      const account = await findAccount(context, accounts.objects.get(accountKeyOf(secret)), secret);
      await (account ? fill(context, account, secret) : remove(context, secret));
    },
  });
  const forgetting = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(key) {
      const account = accounts.objects.get(key);
      for (const secret of [...tokens.get(key)]) {
        if (!account || !isOf(secret, account)) await remove(context, secret);
      }
    },
  });

  secrets.onChange((now, before) => {
    if (now) filling.add(objectKey(now));
    else if ((before as Secret).type === tokenType) void removeReference(context, before as Secret);
  });
  accounts.onChange((now, before) => {
    if (!now || (before && before.metadata.uid !== now.metadata.uid))
      forgetting.add(objectKey(now ?? before!));
  });
}

const accountKeyOf = ({ metadata }: KubeObject): string =>
  `${metadata.namespace}/${metadata.annotations?.[nameAnnotation] ?? ""}`;

const placeOf = (resource: typeof accountsResource | typeof secretsResource, { metadata }: KubeObject) => ({
  ...resource,
  namespace: metadata.namespace ?? "",
});

function isOf({ metadata }: Secret, account: KubeObject): boolean {
  const uid = metadata.annotations?.[uidAnnotation];
  return !uid || uid === account.metadata.uid;
}

/** What is not known may be new: then the server is asked. */
async function findAccount(
  { client }: ControllerContext,
  known: Account | undefined,
  secret: Secret,
): Promise<Account | undefined> {
  if (known && isOf(secret, known)) return known;
  try {
    const name = secret.metadata.annotations?.[nameAnnotation] ?? "";
    const found = await client.get(placeOf(accountsResource, secret), name);
    return isOf(secret, found) ? found : undefined;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}

async function fill(context: IssuingContext, account: Account, secret: Secret): Promise<void> {
  const { client, rootCa, legacyToken } = context;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const { token, namespace, "ca.crt": ca, ...rest } = secret.data ?? {};
  if (token && namespace && ca === base64(rootCa)) return;
  const data = {
    ...rest,
    "ca.crt": base64(rootCa),
    namespace: namespace || base64(secret.metadata.namespace ?? ""),
    token: token || base64(await legacyToken(account, secret)),
  };
  const annotations = {
    ...secret.metadata.annotations,
    [nameAnnotation]: account.metadata.name ?? "",
    [uidAnnotation]: account.metadata.uid ?? "",
  };
  const filled: Secret = { ...secret, metadata: { ...secret.metadata, annotations }, data };
  await tolerateRace(client.update(placeOf(secretsResource, secret), filled));
}

async function remove({ client }: ControllerContext, secret: Secret): Promise<void> {
  const { name = "", uid = "" } = secret.metadata;
  await tolerateRace(client.delete(placeOf(secretsResource, secret), name, { preconditions: { uid } }));
}

/** How often others may be faster. Source: RemoveTokenBackoff. */
const removalAttempts = 10;

/** Its account need not list it any longer. */
async function removeReference(context: ControllerContext, secret: Secret): Promise<void> {
  const { client, onError } = context;
  for (let attempt = 1; ; attempt++) {
    try {
      const account = await findAccount(context, undefined, secret);
      const name = secret.metadata.name ?? "";
      if (!account?.secrets?.some((one) => one.name === name)) return;
      const left = account.secrets.filter((one) => one.name !== name);
      const changed: Account = { ...account, secrets: left };
      await client.update(placeOf(accountsResource, account), changed);
      return;
    } catch (error) {
      const isConflict = error instanceof StatusError && error.code === 409;
      if (isConflict && attempt < removalAttempts) continue;
      onError(error);
      return;
    }
  }
}
