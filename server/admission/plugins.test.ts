import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { alwaysAllow } from "../auth/authorizer.ts";
import { noNodeSelectors } from "./plugins/pod-node-selector.ts";
import { defaultPluginNames, enabledPlugins, pluginChoiceProblems } from "./plugins.ts";
import { defaultPodSecurity } from "./pod-security/configuration.ts";
import { gates, objectsOf } from "./testing.ts";

const dependencies = {
  objects: objectsOf({}),
  gates,
  clock: new ManualClock(),
  tolerationSeconds: { notReady: 300, unreachable: 300 },
  random: { next: () => 0, uuid: () => "" },
  generateName: (base: string) => base,
  authorizer: alwaysAllow,
  resourcesOf: () => [],
  createNamespace: async () => {},
  podSecurity: defaultPodSecurity,
  eventLimits: () => [],
  nodeSelectors: noNodeSelectors,
  clusterTolerations: {},
  quota: { updateStatus: async () => {}, limitedResources: [] },
};

const namesOf = (enable: string[], disable: string[]) =>
  enabledPlugins({ enable, disable }, dependencies).map(({ name }) => name);

test("plug-ins keep upstream's order, whatever the order of the flags", () => {
  expect(namesOf([], [])).toEqual(defaultPluginNames);
  const some = namesOf(["AlwaysAdmit"], ["RuntimeClass", "NamespaceLifecycle"]);
  const rest = defaultPluginNames.filter((name) => !["RuntimeClass", "NamespaceLifecycle"].includes(name));
  expect(some).toEqual(["AlwaysAdmit", ...rest]);
});

test("unknown names and names in both lists are refused in upstream's words", () => {
  expect(pluginChoiceProblems({ enable: ["Nope"], disable: ["No"] })).toEqual([
    'enable-admission-plugins plugin "Nope" is unknown',
    'disable-admission-plugins plugin "No" is unknown',
  ]);
  expect(
    pluginChoiceProblems({ enable: ["Priority", "LimitRanger"], disable: ["LimitRanger", "Priority"] }),
  ).toEqual(["[LimitRanger Priority] in enable-admission-plugins and disable-admission-plugins overlapped"]);
});

test("what only upstream has may be switched off, not on", () => {
  expect(pluginChoiceProblems({ enable: [], disable: ["ImagePolicyWebhook"] })).toEqual([]);
  expect(pluginChoiceProblems({ enable: ["ImagePolicyWebhook"], disable: [] })).toEqual([
    'admission plugin "ImagePolicyWebhook" is not there yet',
  ]);
});
