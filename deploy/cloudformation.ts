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

/**
 * `nightly-east` as a part of a logical id, which has letters and digits only: `NightlyXeast`. Of two names in lower
 * case no two become the same: one plan's schedule must never take another's place.
 */
export const logical = (name: string): string =>
  name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll("-", "X");
