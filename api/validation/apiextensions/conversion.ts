import type { CustomResourceDefinition } from "../../custom/definition.ts";
import { caBundleProblem } from "../../x509/ca-bundle.ts";
import { type FieldError, type FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { checkDns1035Label } from "../names.ts";
import { validateWebhookService, validateWebhookUrl } from "../webhook-client.ts";

type Conversion = CustomResourceDefinition["spec"]["conversion"];

/** What was stored once may stay as it is. */
export interface ConversionOptions {
  requireReviewVersion: boolean;
  allowInvalidCaBundle: boolean;
}

/** Source: validateCustomResourceConversion. */
export function validateConversion(
  conversion: Conversion,
  { requireReviewVersion, allowInvalidCaBundle }: ConversionOptions,
  path: FieldPath,
): FieldError[] {
  if (!conversion) return [];
  const { strategy, webhook } = conversion;
  const client = webhook?.clientConfig;
  const reviews = webhook?.conversionReviewVersions ?? [];
  const clientPath = path.child("webhookClientConfig");
  const reviewsPath = path.child("conversionReviewVersions");
  const errors = validateStrategy(strategy, path.child("strategy"));
  if (strategy === "Webhook") {
    errors.push(...validateClient(client, clientPath));
    if (client?.caBundle && !allowInvalidCaBundle) {
      const problem = caBundleProblem(client.caBundle);
      if (problem !== undefined) errors.push(invalid(clientPath.child("caBundle"), client.caBundle, problem));
    }
    errors.push(...validateReviewVersions(reviews, requireReviewVersion, reviewsPath));
    return errors;
  }
  const detail = "should not be set when strategy is not set to Webhook";
  if (client) errors.push(forbidden(clientPath, detail));
  if (reviews.length > 0) errors.push(forbidden(reviewsPath, detail));
  return errors;
}

function validateStrategy(strategy: string, path: FieldPath): FieldError[] {
  if (strategy === "") return [required(path)];
  if (strategy === "None" || strategy === "Webhook") return [];
  return [notSupported(path, strategy, ["None", "Webhook"])];
}

type Client = NonNullable<NonNullable<Conversion>["webhook"]>["clientConfig"];

function validateClient(client: Client, path: FieldPath): FieldError[] {
  if (!client) return [required(path, "required when strategy is set to Webhook")];
  const { url, service } = client;
  if ((url === undefined) === (service === undefined)) {
    return [required(path, "exactly one of url or service is required")];
  }
  if (url !== undefined) return validateWebhookUrl(url, path.child("url"));
  if (!service) return [];
  // Upstream passes name and namespace in the wrong order.
  const { name, namespace } = service;
  return validateWebhookService({ ...service, name: namespace, namespace: name }, path.child("service"));
}

const known: readonly string[] = ["v1", "v1beta1"];

function validateReviewVersions(
  versions: readonly string[],
  requireKnown: boolean,
  path: FieldPath,
): FieldError[] {
  if (versions.length === 0) return [required(path)];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    if (seen.has(version)) {
      errors.push(invalid(path.index(index), version, "duplicate version"));
      continue;
    }
    seen.add(version);
    for (const problem of checkDns1035Label(version))
      errors.push(invalid(path.index(index), version, problem));
  }
  if (requireKnown && !versions.some((version) => known.includes(version))) {
    errors.push(invalid(path, versions, `must include at least one of ${known.join(", ")}`));
  }
  return errors;
}
