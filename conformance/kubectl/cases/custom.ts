import { session } from "../session.ts";

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.kubectl.example.com}
spec:
  group: kubectl.example.com
  scope: Namespaced
  names: {plural: gadgets, singular: gadget, kind: Gadget, shortNames: [gd], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.count}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    schema:
      openAPIV3Schema:
        description: A gadget.
        type: object
        required: [spec]
        properties:
          spec:
            description: What is wanted.
            type: object
            required: [size]
            properties:
              size: {type: integer, description: How large., minimum: 1}
              parts: {type: array, items: {type: object, properties: {name: {type: string}}}}
          status: {type: object, properties: {ready: {type: boolean}, count: {type: integer}}}
`;

const gadget = (size: string) =>
  `apiVersion: kubectl.example.com/v1\nkind: Gadget\nmetadata: {name: g}\nspec: {size: ${size}}\n`;

export const cases = [
  session("custom resources", async (k) => {
    await k.run("apply -f -", { stdin: CRD });
    await k.run("wait --for=condition=Established crd/gadgets.kubectl.example.com --timeout=10s");
    await k.until("get --raw /openapi/v3", "kubectl.example.com");
    await k.until("get --raw /openapi/v2", "com.example.kubectl");
    await k.until("api-resources --api-group=kubectl.example.com", "gadgets");
    await k.run("apply -f -", { stdin: gadget("3") });
    await k.run("apply -f -", { stdin: gadget("0") });
    await k.run("apply -f -", { stdin: gadget("x") });
    await k.run("apply -f -", { stdin: gadget("4\n, nonsense: 1") });
    await k.run("apply --validate=warn -f -", { stdin: gadget("4\n, nonsense: 1") });
    await k.run("apply --server-side -f -", { stdin: gadget("5") });
    await k.run("diff -f -", { stdin: gadget("7") });
    await k.run("replace -f -", { stdin: gadget("7") });
    await k.runAll([
      "get gadgets",
      "get gadgets -o wide --show-labels",
      "get gd g -o yaml --show-managed-fields",
      "get gadgets -o json",
      "get gadgets.v1.kubectl.example.com -o name",
      "get all",
      "describe gadget g",
      "explain gadget",
      "explain gadget --recursive",
      "explain gadget.spec.parts",
      "explain gadgets.kubectl.example.com --api-version=kubectl.example.com/v1",
      "explain gadget.spec.nonsense",
      "api-resources --api-group=kubectl.example.com -o wide",
      "label gadget g a=b",
      `patch gadget g --type=merge -p '{"spec":{"size":6}}'`,
      `patch gadget g --type=merge -p '{"spec":{"size":-6}}'`,
      `patch gadget g --type=json -p '[{"op":"replace","path":"/spec/size","value":7}]'`,
      `patch gadget g -p '{"spec":{"size":6}}'`,
      `patch gadget g --subresource=status --type=merge -p '{"status":{"ready":true,"count":2}}'`,
      "get gadget g --subresource=status -o yaml",
      "get gadget g --subresource=scale",
      "scale gadget g --replicas=2",
      "autoscale gadget g --max=4",
      "wait --for=jsonpath={.status.ready}=true gadget/g --timeout=5s",
      "delete gadget g",
      "get gadgets",
      "get crd gadgets.kubectl.example.com",
      "get crd gadgets.kubectl.example.com -o yaml",
      "describe crd gadgets.kubectl.example.com",
      "delete crd gadgets.kubectl.example.com",
    ]);
    await k.until("get --raw /apis", "kubectl.example.com", true);
    await k.until("get --raw /openapi/v3", "kubectl.example.com", true);
    await k.runAll(["get gadgets", "explain gadgets"]);
    await k.run("apply -f -", { stdin: gadget("3") });
  }),
  session("custom resources: definitions that are refused", async (k) => {
    const changes: readonly (readonly [string, string])[] = [
      ["name: gadgets.kubectl", "name: other.kubectl"],
      ["storage: true", "storage: false"],
      ["type: integer, description", "type: whole, description"],
      ["scope: Namespaced", "scope: Everywhere"],
      ["jsonPath: .spec.size", "jsonPath: '{'"],
      ["kind: Gadget", "kind: ''"],
      ["        type: object\n        required", "        required"],
    ];
    for (const [from, to] of changes) await k.run("create -f -", { stdin: CRD.replace(from, to) });
  }),
];
