import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { keyPairProblem } from "../api/tls-key-pair.ts";
import { type PluginChoice, pluginChoiceProblems } from "../server/admission/plugins.ts";
import { type ClusterOptions, UsageError } from "./cluster-options.ts";

/** Refuses what cannot be meant (addresses, certificates, keys, plug-ins) before anything is made. @throws UsageError */
export function checkOptions(options: ClusterOptions): void {
  const { bindAddress, advertiseAddress, tls, clientCa } = options;
  requireAddress("bind-address", bindAddress);
  requireAddress("advertise-address", advertiseAddress);
  const problem = tls && keyPairProblem(tls.cert, tls.key);
  if (problem) throw new UsageError(`tls-cert-file and tls-private-key-file: ${problem}`);
  if (clientCa !== undefined && !isCertificate(clientCa)) {
    throw new UsageError("client-ca-file: data does not contain any valid RSA or ECDSA certificates");
  }
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

/** Whether a PEM text begins with a certificate. */
function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}
