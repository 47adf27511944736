import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { FeatureGates } from "../api/feature-gates.ts";
import { keyPairProblem } from "../api/tls-key-pair.ts";
import { decodePem } from "../api/x509/pem.ts";
import { type PluginChoice, pluginChoiceProblems } from "../server/admission/plugins.ts";
import { type ClusterOptions, type RequestHeader, UsageError } from "./cluster-options.ts";

/** Refuses what cannot be meant (addresses, certificates, keys, plug-ins) before anything is made. @throws UsageError */
export function checkOptions(options: ClusterOptions, gates: FeatureGates): void {
  const { bindAddress, advertiseAddress, tls, clientCa, requestHeader } = options;
  requireAddress("bind-address", bindAddress);
  requireAddress("advertise-address", advertiseAddress);
  const problem = tls && keyPairProblem(tls.cert, tls.key);
  if (problem) throw new UsageError(`tls-cert-file and tls-private-key-file: ${problem}`);
  if (clientCa !== undefined && !isCertificate(clientCa)) {
    throw new UsageError("client-ca-file: data does not contain any valid RSA or ECDSA certificates");
  }
  const header = requestHeader && requestHeaderProblem(requestHeader, clientCa, gates);
  if (header !== undefined) throw new UsageError(header);
  const problems = pluginChoiceProblems(pluginChoice(options));
  if (problems.length > 0) throw new UsageError(problems.join(", "));
}

/** The admission plug-ins that the options name. */
export const pluginChoice = (options: ClusterOptions): PluginChoice => ({
  enable: options.enableAdmissionPlugins ?? [],
  disable: options.disableAdmissionPlugins ?? [],
});

function requireAddress(flag: string, address: string | undefined): void {
  if (address !== undefined && isIP(address) === 0) {
    throw new UsageError(`${flag}: ${JSON.stringify(address)} is not an IP address`);
  }
}

/** Sources: RequestHeaderAuthenticationOptions.Validate and BuiltInAuthenticationOptions.Validate. */
function requestHeaderProblem(
  { usernameHeaders, uidHeaders, groupHeaders, extraHeaderPrefixes, ...rest }: RequestHeader,
  clientCa: string | undefined,
  gates: FeatureGates,
): string | undefined {
  const isBlank = (text: string) => text.trim() === "";
  const lists: Readonly<Record<string, readonly string[]>> = {
    "requestheader-username-headers": usernameHeaders,
    "requestheader-group-headers": groupHeaders,
    "requestheader-extra-headers-prefix": extraHeaderPrefixes,
    "requestheader-allowed-names": rest.allowedNames,
    "requestheader-uid-headers": uidHeaders,
  };
  const blank = Object.entries(lists).find(([, list]) => list.some(isBlank));
  if (blank) return `empty value in ${JSON.stringify(blank[0])}`;
  if (!isCertificate(rest.clientCa))
    return "requestheader-client-ca-file: data does not contain any valid RSA or ECDSA certificates";
  if (uidHeaders.length > 0 && !gates.enabled("RemoteRequestHeaderUID"))
    return '--requestheader-uid-headers requires the "RemoteRequestHeaderUID" feature to be enabled';
  if (uidHeaders.length > 0 && !uidHeaders.some((name) => name.toLowerCase() === "x-remote-uid"))
    return "--requestheader-uid-headers is set without specifying the standard X-Remote-Uid header - API aggregation will not work";
  if (rest.allowedNames.length > 0 || clientCa === undefined) return undefined;
  const certificates = (pem: string) => decodePem(pem).map(({ bytes }) => bytes.toString("base64"));
  const overlap = certificates(rest.clientCa).some((one) => certificates(clientCa).includes(one));
  return overlap
    ? "--requestheader-client-ca-file and --client-ca-file contain overlapping certificates; --requestheader-allowed-names must be specified to ensure regular client certificates cannot set authenticating proxy headers for arbitrary users"
    : undefined;
}

/** Whether a PEM text begins with a certificate. */
function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}
