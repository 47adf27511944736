import type { Volume } from "../../../api/core-types.ts";

/** So long a mounted token is said to last; clients read it anew before. */
const tokenSeconds = 3607;

/** Everything that a pod needs to talk to the API: its token, whom to trust, where it is. Source: TokenVolumeSource. */
export const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    defaultMode: 0o644,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: tokenSeconds } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
        },
      },
    ],
  },
});
