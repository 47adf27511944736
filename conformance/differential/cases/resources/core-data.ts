import { crud } from "../../crud.ts";

export const cases = [
  ...crud({
    resource: "v1/configmaps",
    kind: "ConfigMap",
    minimal: {},
    variants: {
      full: { data: { "a.b": "x", c: "line\nline\n" }, binaryData: { d: "AAEC" } },
      immutable: { data: { a: "x" }, binaryData: { d: "AAEC" }, immutable: true },
    },
    change: { "data.a": "1" },
  }),
  ...crud({
    resource: "v1/secrets",
    kind: "Secret",
    minimal: {},
    variants: {
      full: { type: "example.com/any", data: { a: "eA==" }, stringData: { b: "text" }, immutable: false },
      immutable: { type: "Opaque", data: { a: "eA==" }, immutable: true },
      basic: { type: "kubernetes.io/basic-auth", stringData: { username: "u", password: "p" } },
      docker: { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": '{"auths":{}}' } },
      dockercfg: { type: "kubernetes.io/dockercfg", stringData: { ".dockercfg": "{}" } },
      ssh: { type: "kubernetes.io/ssh-auth", stringData: { "ssh-privatekey": "k" } },
      tls: { type: "kubernetes.io/tls", stringData: { "tls.crt": "c", "tls.key": "k" } },
      serviceAccount: {
        type: "kubernetes.io/service-account-token",
        metadata: { annotations: { "kubernetes.io/service-account.name": "default" } },
      },
    },
    change: { "data.a": "eA==" },
  }),
];
