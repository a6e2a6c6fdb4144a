import { type Call, defineOperation } from "../operation.ts";
import { page } from "../paging.ts";
import { integer, text } from "../protocol/shape.ts";
import { elements } from "../protocol/xml.ts";
import type { CopyGrant } from "../redshift-records.ts";
import { grantShape } from "./grant-shape.ts";
import { findGrant } from "./lookup.ts";
import { hasTags, tagFilterShapes } from "./tag-filter.ts";

export const operation = defineOperation({
  name: "DescribeSnapshotCopyGrants",
  input: { SnapshotCopyGrantName: text, MaxRecords: integer, Marker: text, ...tagFilterShapes },
  run: (input, call) => {
    const { SnapshotCopyGrantName, MaxRecords, Marker } = input;
    const found = chosen(call, SnapshotCopyGrantName).filter(({ tags }) => hasTags(input, tags));
    const cut = page(found, { MaxRecords, Marker, keyOf: ({ name }) => name, listing: call.operation });
    return {
      Marker: cut.Marker,
      SnapshotCopyGrants: elements("SnapshotCopyGrant", cut.items.map(grantShape)),
    };
  },
});

const chosen = ({ store }: Call, name: string | undefined): readonly CopyGrant[] =>
  name ? [findGrant(store, name)] : [...store.copyGrants.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
