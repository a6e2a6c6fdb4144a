/** CloudFormation as plain data, in the few words that the templates here need. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Resource = { readonly Type: string; readonly [key: string]: Json };
export type Resources = Readonly<Record<string, Resource>>;

export const ref = (id: string): Json => ({ Ref: id });
export const arnOf = (id: string): Json => ({ "Fn::GetAtt": [id, "Arn"] });

/** Text with `${AWS::Partition}` and the like in it. */
export const sub = (text: string): Json => ({ "Fn::Sub": text });

/** An ARN of this account in this partition, whichever they are: `arn("rds", "eu-west-1", "cluster:*")`. */
export const arn = (service: string, region: string, resource: string): Json =>
  sub(`arn:${partition}:${service}:${region}:${account}:${resource}`);

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
const partition = "${AWS::Partition}";
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
const account = "${AWS::AccountId}";

/** The region that the stack is in. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
export const here = "${AWS::Region}";

/** `nightly-east` as the beginning of a logical id: letters and digits only. */
export const logical = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
