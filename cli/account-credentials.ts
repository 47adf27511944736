import type { Clock } from "../api/clock.ts";
import type { KubeObject } from "../api/object.ts";
import { StatusError } from "../api/status.ts";
import type { Client } from "../client/client.ts";
import { type CredentialSource, expiringCredentials } from "../client/http/credentials.ts";

const namespace = "kube-system";
const accounts = { group: "", version: "v1", resource: "serviceaccounts", namespace };
const tokenSeconds = 3600;
/** The part of its time after which a token is replaced. */
const usedUp = 0.8;

type TokenRequest = KubeObject & { status?: { token?: string; expirationTimestamp?: string } };

/**
 * Tokens of a service account in kube-system, which is made where there is none. client: who may ask for them.
 * Source: DynamicControllerClientBuilder of k8s.io/controller-manager.
 */
export function accountCredentials(client: Client, clock: Clock, account: string): CredentialSource {
  const request = () => {
    const body = { metadata: {}, spec: { expirationSeconds: tokenSeconds } } as KubeObject;
    return client.create(accounts, body, { name: account, subresource: "token" });
  };
  return expiringCredentials(clock, async () => {
    const start = clock.now();
    const answer = await request().catch(async (error: unknown) => {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
      await create(client, account);
      return request();
    });
    const { token = "", expirationTimestamp = "" } = (answer as TokenRequest).status ?? {};
    const goodUntil = start + (Date.parse(expirationTimestamp) - start) * usedUp;
    return { credentials: { authorization: `Bearer ${token}` }, goodUntil };
  });
}

async function create(client: Client, name: string): Promise<void> {
  try {
    await client.create(accounts, {
      kind: "ServiceAccount",
      apiVersion: "v1",
      metadata: { name, namespace },
    });
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== "AlreadyExists") throw error;
  }
}
