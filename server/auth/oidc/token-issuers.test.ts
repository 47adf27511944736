import { generateKeyPairSync } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test, vi } from "vitest";
import { ManualClock } from "../../../api/manual-clock.ts";
import { SigningKey } from "../jwt.ts";
import { TokenIssuers } from "./token-issuers.ts";

/** Where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `https://127.0.0.1:${port}`;
}

const configurationOf = (url: string) => ({
  issuer: { url, audiences: ["a"] },
  claimMappings: { username: { claim: "sub", prefix: "" } },
});

test("issuers that cannot be reached are looked for again, and replace no others", async () => {
  const clock = new ManualClock();
  const errors: string[] = [];
  const ending = new AbortController();
  const [first, second] = [await deadUrl(), await deadUrl()];
  const issuers = new TokenIssuers([configurationOf(first)], {
    ...{ algorithms: ["RS256"], clock, signal: ending.signal },
    onError: (error) => void errors.push((error as Error).message),
  });
  const refused = (url: string) =>
    `Get "${url}/.well-known/openid-configuration": dial tcp ${url.slice(8)}: connect: connection refused`;
  await vi.waitFor(() =>
    expect(errors).toEqual([`oidc authenticator: initializing plugin: ${refused(first)}`]),
  );

  const replaced = issuers.replace([configurationOf(second)]);
  await vi.waitFor(() => expect(errors).toHaveLength(2));
  clock.advance(60_000);
  await expect(replaced).rejects.toThrow(
    `oidc: authenticator for issuer "${second}" is not healthy: ${refused(second)}`,
  );

  const key = new SigningKey(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
  const logIn = (iss: string) =>
    issuers.authenticate({ certificateRejected: false, bearerToken: key.sign({ iss }) });
  expect(await logIn(first)).toEqual({ problem: "oidc: authenticator not initialized" });
  expect(await logIn(second)).toBeUndefined();

  ending.abort();
  await vi.waitFor(() => expect(clock.timers).toBe(0));
});
