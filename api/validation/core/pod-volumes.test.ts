import { describe, expect, test } from "vitest";
import { validatePodCreate } from "./pod.ts";
import { optionsOf, podOf, problems } from "./testing.ts";

type Case = [string, Record<string, unknown>, string[]];

const checkAll = (volumes: readonly object[], spec: object = {}): string[] =>
  problems(validatePodCreate(podOf({ volumes, ...spec }), optionsOf()));
/** Of a pod whose only volume has the source. */
const check = (source: Record<string, unknown>): string[] =>
  checkAll([{ name: "v", ...source }], { serviceAccountName: "default" });

test("a volume that is nothing is an empty directory", () => {
  const pod = podOf({ volumes: [{ name: "v" }] });
  expect(problems(validatePodCreate(pod, optionsOf()))).toEqual([]);
  expect(pod.spec.volumes).toEqual([{ name: "v", emptyDir: {} }]);
});

test("volumes have names of their own", () => {
  expect(checkAll([{ name: "" }, { name: "a" }, { name: "a" }, { name: "A" }])).toEqual([
    "spec.volumes[0].name: Required value",
    'spec.volumes[2].name: Duplicate value: "a"',
    "spec.volumes[3].name: Invalid value: \"A\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  ]);
});

describe("sources", () => {
  test.each<Case>([
    [
      "two at once",
      { emptyDir: {}, hostPath: { path: "/x" } },
      ["spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type"],
    ],
    [
      "a directory of negative size",
      { emptyDir: { sizeLimit: "-1" } },
      ["spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity"],
    ],
    [
      "a host's path that goes up",
      { hostPath: { path: "/a/../b" } },
      ["spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'"],
    ],
    [
      "a host's path of an unknown type",
      { hostPath: { path: "/a", type: "Pipe" } },
      [
        'spec.volumes[0].hostPath.type: Unsupported value: "Pipe": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
      ],
    ],
    ["a secret without a name", { secret: {} }, ["spec.volumes[0].secret.secretName: Required value"]],
    [
      "a file that leaves the volume",
      { secret: { secretName: "s", items: [{ key: "k", path: "../x" }] } },
      ["spec.volumes[0].secret.items[0].path: Invalid value: \"../x\": must not contain '..'"],
    ],
    [
      "a file without a key",
      { configMap: { name: "c", items: [{ key: "", path: "x" }] } },
      ["spec.volumes[0].configMap.items[0].key: Required value"],
    ],
    [
      "permissions beyond 0777",
      { configMap: { name: "c", defaultMode: 512 } },
      [
        "spec.volumes[0].configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
      ],
    ],
    [
      "a claim without a name",
      { persistentVolumeClaim: { claimName: "" } },
      ["spec.volumes[0].persistentVolumeClaim.claimName: Required value"],
    ],
    [
      "an NFS path that is relative",
      { nfs: { server: "s", path: "p" } },
      ['spec.volumes[0].nfs.path: Invalid value: "p": must be an absolute path'],
    ],
    [
      "a driver whose name is none",
      { csi: { driver: "_" } },
      [
        "spec.volumes[0].csi.driver: Invalid value: \"_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    ],
    [
      "an image without a reference",
      { image: { reference: "" } },
      ["spec.volumes[0].image.reference: Required value"],
    ],
    [
      "a field that pods do not tell",
      { downwardAPI: { items: [{ path: "x", fieldRef: { fieldPath: "spec.nodeName" } }] } },
      [
        'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
      ],
    ],
    [
      "a file from nowhere",
      { downwardAPI: { items: [{ path: "x" }] } },
      ["spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required"],
    ],
    [
      "a container's resource without the container",
      { downwardAPI: { items: [{ path: "x", resourceFieldRef: { resource: "limits.cpu" } }] } },
      ["spec.volumes[0].downwardAPI.resourceFieldRef.containerName: Required value"],
    ],
    [
      "a claim made for the pod, without a spec",
      { ephemeral: { volumeClaimTemplate: { spec: {} } } },
      [
        "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required",
        "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
      ],
    ],
    [
      "no claim to be made",
      { ephemeral: {} },
      ["spec.volumes[0].ephemeral.volumeClaimTemplate: Required value"],
    ],
    [
      "an iSCSI name that is none",
      { iscsi: { targetPortal: "p", iqn: "x", lun: 0 } },
      ['spec.volumes[0].iscsi.iqn: Invalid value: "x": must be valid format starting with iqn, eui, or naa'],
    ],
    [
      "a LUN out of range",
      { iscsi: { targetPortal: "p", iqn: "iqn.2001-04.com.example:storage", lun: 256 } },
      ["spec.volumes[0].iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive"],
    ],
  ])("%s", (_, source, errors) => {
    expect(check(source)).toEqual(errors);
  });
});

describe("projections", () => {
  const token = (fields: object): object => ({
    serviceAccountToken: { path: "token", expirationSeconds: 3600, ...fields },
  });
  test.each<[string, readonly object[], string[]]>([
    ["nothing of two things", [{}], []],
    [
      "two things at once",
      [{ secret: { name: "s" }, configMap: { name: "c" } }],
      ["spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source"],
    ],
    [
      "two files of one path",
      [
        { secret: { name: "s", items: [{ key: "a", path: "x" }] } },
        { configMap: { name: "c", items: [{ key: "b", path: "x" }] } },
      ],
      ['spec.volumes[0].projected: Invalid value: "c": conflicting duplicate paths'],
    ],
    [
      "a token for under ten minutes",
      [token({ expirationSeconds: 599 })],
      [
        "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes",
      ],
    ],
    [
      "a token for over 2^32 seconds",
      [token({ expirationSeconds: 2 ** 32 + 1 })],
      [
        "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds",
      ],
    ],
    [
      "a token's path that goes up",
      [token({ path: "../token" })],
      ["spec.volumes[0].projected.path: Invalid value: \"../token\": must not contain '..'"],
    ],
  ])("%s", (_, sources, errors) => {
    expect(check({ projected: { sources } })).toEqual(errors);
  });

  test("tokens are of a service account", () => {
    const volumes = [{ name: "v", projected: { sources: [token({})] } }];
    expect(checkAll(volumes)).toEqual([
      "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set",
    ]);
    expect(checkAll(volumes, { serviceAccountName: "default" })).toEqual([]);
  });

  test("certificates and trust bundles are projected where those features are on", () => {
    const flags = "ClusterTrustBundle=true,ClusterTrustBundleProjection=true,PodCertificateRequest=true";
    const sources = [
      { clusterTrustBundle: { path: "ca.pem" } },
      { clusterTrustBundle: { name: "b", labelSelector: {}, path: "cb.pem" } },
      { podCertificate: { signerName: "example.com/s", keyType: "RSA1024", credentialBundlePath: "x" } },
      { podCertificate: { signerName: "s", keyType: "ED25519", maxExpirationSeconds: 60 } },
    ];
    const pod = podOf({ volumes: [{ name: "v", projected: { sources } }] });
    expect(problems(validatePodCreate(pod, optionsOf(undefined, flags)))).toEqual([
      "spec.volumes[0].projected.sources[0].clusterTrustBundle: Required value: either name or signerName must be specified",
      "spec.volumes[0].projected.sources[1].clusterTrustBundle.labelSelector: Invalid value: {}: labelSelector must be unset if name is specified",
      'spec.volumes[0].projected.sources[2].podCertificate.keyType: Unsupported value: "RSA1024": supported values: "RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"',
      "spec.volumes[0].projected.sources[3].podCertificate.signerName: Invalid value: \"s\": must be a fully qualified domain and path of the form 'example.com/signer-name'",
      "spec.volumes[0].projected.sources[3].podCertificate.maxExpirationSeconds: Invalid value: 60: if provided, maxExpirationSeconds must be >= 3600",
      "spec.volumes[0].projected.sources[3].podCertificate: Required value: specify at least one of credentialBundlePath, keyPath, and certificateChainPath",
    ]);
  });
});
