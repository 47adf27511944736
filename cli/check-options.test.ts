import { expect, test } from "vitest";
import { defaultFeatureGates } from "../api/feature-gates.ts";
import { checkOptions } from "./check-options.ts";
import { temporaryPki } from "./pki/cluster-pki.ts";
import { systemClock, systemRandom } from "./system-clock.ts";

test.each([
  [{ bindAddress: "nowhere" }, 'bind-address: "nowhere" is not an IP address'],
  [{ advertiseAddress: "1.2.3" }, 'advertise-address: "1.2.3" is not an IP address'],
  [
    { tls: { cert: "text", key: "text" } },
    "tls-cert-file and tls-private-key-file: tls: failed to find any PEM data in certificate input",
  ],
  [{ clientCa: "text" }, "client-ca-file: data does not contain any valid RSA or ECDSA certificates"],
  [{ enableAdmissionPlugins: ["Nope"] }, 'enable-admission-plugins plugin "Nope" is unknown'],
])("%j cannot be meant", (options, problem) => {
  expect(() => checkOptions(options, defaultFeatureGates())).toThrow(
    expect.objectContaining({ name: "UsageError", message: problem }),
  );
});

test("who names users in headers is told from users", () => {
  const names = { dnsNames: [], ipAddresses: [] };
  const { authority } = temporaryPki(systemClock, systemRandom, names);
  const header = {
    ...{ clientCa: authority.certificate, allowedNames: [], usernameHeaders: ["X-Remote-User"] },
    ...{ uidHeaders: [], groupHeaders: [], extraHeaderPrefixes: [] },
  };
  const check = (changes: object, more: object = {}) =>
    expect(() => checkOptions({ requestHeader: { ...header, ...changes }, ...more }, defaultFeatureGates()));
  check({ groupHeaders: [" "] }).toThrow('empty value in "requestheader-group-headers"');
  check({ uidHeaders: ["X-Uid"] }).toThrow(
    "--requestheader-uid-headers is set without specifying the standard X-Remote-Uid header - API aggregation will not work",
  );
  const overlapping = { clientCa: authority.certificate };
  check({}, overlapping).toThrow(/contain overlapping certificates; --requestheader-allowed-names must be/);
  check({ allowedNames: ["front-proxy"] }, overlapping).not.toThrow();
});

test("what can be meant is taken", () => {
  const names = { dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] };
  const { authority, server } = temporaryPki(systemClock, systemRandom, names);
  const tls = { cert: server.certificate, key: server.key };
  expect(() =>
    checkOptions({ bindAddress: "::1", clientCa: authority.certificate, tls }, defaultFeatureGates()),
  ).not.toThrow();
});
