import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { defaultFeatureGates, parseFeatureGates } from "../../api/feature-gates.ts";
import { enabledResources, parseRuntimeConfig } from "../../api/runtime-config.ts";
import { loadTables } from "../../api/schema/tables.ts";
import type { ResourceInfo } from "../../api/schema/types.ts";
import {
  aggregatedDiscovery,
  groupList,
  groupOf,
  legacyVersions,
  resourceList,
  type ServedGroupVersion,
  servedGroupVersions,
} from "./discovery.ts";
import { aggregatedForm } from "./discovery-form.ts";

function served(
  runtimeConfig: string,
  gates: string,
  custom: readonly ResourceInfo[] = [],
): ServedGroupVersion[] {
  const enabled = enabledResources(loadTables().resources, {
    runtimeConfig: parseRuntimeConfig(runtimeConfig),
    gates: parseFeatureGates(gates),
  });
  return servedGroupVersions(enabled, custom);
}

/** All documents of the separate form, as they are sent, in one hash. */
function legacyDigest(groupVersions: readonly ServedGroupVersion[]): string {
  const documents = [
    groupList(groupVersions),
    ...groupVersions.flatMap((one) => [groupOf(groupVersions, one.group), resourceList(one)]),
  ];
  return createHash("sha256")
    .update(documents.map((one) => JSON.stringify(one)).join("\n"))
    .digest("hex")
    .slice(0, 16);
}

// Taken from kube-apiserver 1.36.3 with the same flags.
describe.each([
  ["default flags", "", "", { core: "4D7E1BED90B", groups: "A74552DF419C", separate: "3b00b97a5ead8615" }],
  [
    "--runtime-config=api/all=true",
    "api/all=true",
    "",
    { core: "4D7E1BED90B", groups: "8290C3472C27", separate: "828ed2e83905efce" },
  ],
  [
    "everything on",
    "api/all=true",
    "AllAlpha=true,AllBeta=true",
    { core: "4D7E1BED90B", groups: "12758F013FF24BD8", separate: "bcdced2062cdf514" },
  ],
])("%s", (_, runtimeConfig, gates, hashes) => {
  const groupVersions = served(runtimeConfig, gates);

  test("the aggregated documents have the ETags of upstream's", () => {
    expect(
      aggregatedDiscovery(groupVersions, { legacy: true, version: "v2" }).etag.startsWith(hashes.core),
    ).toBe(true);
    const groups = aggregatedDiscovery(groupVersions, { legacy: false, version: "v2" }).etag;
    expect(groups.startsWith(hashes.groups), groups).toBe(true);
  });

  test("the separate documents are upstream's to the byte", () => {
    expect(legacyDigest(groupVersions)).toBe(hashes.separate);
  });
});

const widget: ResourceInfo = {
  ...{ group: "example.com", version: "v1", resource: "widgets", singular: "widget", kind: "Widget" },
  ...{ listKind: "WidgetList", namespaced: true, verbs: ["get", "list"], shortNames: ["wd"], categories: [] },
  subresources: new Map([
    [
      "status",
      { name: "status", verbs: ["get"], kind: { group: "example.com", version: "v1", kind: "Widget" } },
    ],
    [
      "scale",
      { name: "scale", verbs: ["get"], kind: { group: "autoscaling", version: "v1", kind: "Scale" } },
    ],
  ]),
  ...{ storageVersion: "v1", storageVersionHash: "gIwvi5rymmg=" },
};

describe("custom resources", () => {
  const versions = ["v2", "foo", "v10", "v2beta1"].map((version) => ({ ...widget, version }));
  const groupVersions = served("", "", [...versions, { ...widget, group: "acme.io" }]);

  test("their groups come last, by the name of their first APIService; their versions by stability", () => {
    const groups = (
      groupList(groupVersions) as { groups: { name: string; versions: { version: string }[] }[] }
    ).groups;
    expect(groups.slice(-2).map(({ name }) => name)).toEqual(["example.com", "acme.io"]);
    expect(groups.at(-2)?.versions.map(({ version }) => version)).toEqual(["v10", "v2", "v2beta1", "foo"]);
  });

  test("they name their group version in the aggregated form, built-in ones do not", () => {
    const { document } = aggregatedDiscovery(groupVersions, { legacy: false, version: "v2" });
    const text = JSON.stringify(document.items);
    expect(text).toContain('"responseKind":{"group":"acme.io","version":"v1","kind":"Widget"}');
    expect(text).toContain('"responseKind":{"group":"","version":"","kind":"Deployment"}');
  });

  test("a subresource stands behind its resource and names a foreign kind", () => {
    const list = resourceList(groupVersions.find(({ group }) => group === "acme.io")!);
    expect(list).toMatchObject({
      resources: [
        { name: "widgets", storageVersionHash: "gIwvi5rymmg=", shortNames: ["wd"] },
        { name: "widgets/status", singularName: "", kind: "Widget" },
        { name: "widgets/scale", group: "autoscaling", version: "v1", kind: "Scale" },
      ],
    });
  });
});

test("the old API's document names no version of itself, and where the server is", () => {
  expect(JSON.stringify(legacyVersions("127.0.0.1:6443"))).toBe(
    '{"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[{"clientCIDR":"0.0.0.0/0","serverAddress":"127.0.0.1:6443"}]}',
  );
  expect(groupOf(served("", ""), "nosuch")).toBeUndefined();
});

describe("the form that is asked for", () => {
  const gates = defaultFeatureGates();
  const v2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const v2beta1 = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

  test("client-go's headers get the aggregated form", () => {
    expect(aggregatedForm(`${v2},${v2beta1},application/json`, gates)).toMatchObject({
      version: "v2",
      contentType: v2,
    });
    expect(aggregatedForm(`${v2};profile=nopeer`, gates)).toMatchObject({ version: "v2", contentType: v2 });
  });

  test("others, and those that only know v2beta1, get the separate documents", () => {
    expect(aggregatedForm(undefined, gates)).toBeUndefined();
    expect(aggregatedForm("application/json", gates)).toBeUndefined();
    expect(aggregatedForm(`${v2beta1},application/json`, gates)).toBeUndefined();
  });
});
