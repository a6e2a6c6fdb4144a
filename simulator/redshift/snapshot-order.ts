import { commonError } from "../protocol/errors.ts";
import type { RedshiftSnapshot } from "../redshift-records.ts";

interface SortingEntity {
  readonly Attribute: string;
  readonly SortOrder: string | undefined;
}

const attributes: Readonly<Record<string, (snapshot: RedshiftSnapshot) => number | string>> = {
  SOURCE_TYPE: ({ type }) => type,
  TOTAL_SIZE: ({ sizeGib }) => sizeGib,
  CREATE_TIME: ({ createTime }) => createTime.getTime(),
};

/** Sorts by the first entity, then the next; in the end, and by default, by ARN, so that paging holds. */
export const sortSnapshots = (
  snapshots: readonly RedshiftSnapshot[],
  entities: readonly SortingEntity[] = [],
): readonly RedshiftSnapshot[] => {
  const criteria = entities.map(criterionOf);
  return snapshots.toSorted((a, b) => {
    for (const { value, sign } of criteria) {
      if (value(a) !== value(b)) return value(a) < value(b) ? -sign : sign;
    }
    return a.arn < b.arn ? -1 : 1;
  });
};

const criterionOf = ({ Attribute, SortOrder = "ASC" }: SortingEntity) => {
  const value = Object.hasOwn(attributes, Attribute) ? attributes[Attribute] : undefined;
  if (!value || !["ASC", "DESC"].includes(SortOrder)) {
    throw commonError("InvalidParameterValue", `Invalid sorting entity: ${Attribute} ${SortOrder}`);
  }
  return { value, sign: SortOrder === "ASC" ? 1 : -1 };
};
