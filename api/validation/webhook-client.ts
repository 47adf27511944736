/** Where a webhook is. Source: k8s.io/apiserver/pkg/util/webhook/validation.go. */
import { GoUrlError, parseGoUrl } from "../go-url.ts";
import { type FieldError, type FieldPath, invalid, required } from "./field.ts";
import { checkDns1123Subdomain, checkPortNumber } from "./names.ts";

const form = "; desired format: https://host[/path]";

/** ValidateWebhookURL, with https enforced. */
export function validateWebhookUrl(text: string, path: FieldPath): FieldError[] {
  try {
    const { scheme, host, user, fragment, rawQuery } = parseGoUrl(text);
    const errors: FieldError[] = [];
    if (scheme !== "https")
      errors.push(invalid(path, scheme, `'https' is the only allowed URL scheme${form}`));
    if (host === "") errors.push(invalid(path, host, `host must be specified${form}`));
    if (user !== undefined) errors.push(invalid(path, user, "user information is not permitted in the URL"));
    if (fragment !== "") errors.push(invalid(path, fragment, "fragments are not permitted in the URL"));
    if (rawQuery !== "")
      errors.push(invalid(path, rawQuery, "query parameters are not permitted in the URL"));
    return errors;
  } catch (error) {
    if (!(error instanceof GoUrlError)) throw error;
    return [required(path, `url must be a valid URL: ${error.message}${form}`)];
  }
}

export interface WebhookService {
  namespace?: string;
  name?: string;
  path?: string;
  port?: number;
}

/** ValidateWebhookService. */
export function validateWebhookService(service: WebhookService, path: FieldPath): FieldError[] {
  const { namespace = "", name = "", port = 0 } = service;
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(path.child("name")));
  if (namespace === "") errors.push(required(path.child("namespace")));
  const problems = checkPortNumber(port);
  if (problems.length > 0) {
    errors.push(invalid(path.child("port"), port, `port is not valid: ${problems.join(", ")}`));
  }
  return [...errors, ...validatePath(service.path ?? "", path.child("path"))];
}

function validatePath(urlPath: string, path: FieldPath): FieldError[] {
  if (urlPath === "" || urlPath === "/") return [];
  if (urlPath === "//") return [invalid(path, urlPath, "segment[0] may not be empty")];
  const errors: FieldError[] = [];
  if (!urlPath.startsWith("/")) errors.push(invalid(path, urlPath, "must start with a '/'"));
  const segments = urlPath.slice(1).replace(/\/$/, "").split("/");
  segments.forEach((segment, index) => {
    const problems =
      segment === "" ? [" may not be empty"] : checkDns1123Subdomain(segment).map((text) => `: ${text}`);
    for (const problem of problems) errors.push(invalid(path, urlPath, `segment[${index}]${problem}`));
  });
  return errors;
}
