import { sourceRegions } from "../estate.ts";
import type { Stage } from "../stage.ts";
import { later, type Tonight } from "../tonight.ts";

/** A global cluster's members change places: the one that only read is written from now on, and the other reads. */
export const switchedOver = (tonight: Tonight): void => {
  const { dice, stage } = tonight;
  later(tonight, dice.between(-60, 90), () => {
    const readers = clustersOf(stage).filter(
      ({ replicationSourceArn }) => replicationSourceArn !== undefined,
    );
    const reader = readers.length > 0 ? dice.one(readers) : undefined;
    const writer = clustersOf(stage).find(
      (one) => one !== reader && one.globalClusterId === reader?.globalClusterId,
    );
    if (reader === undefined || writer === undefined) return;
    reader.replicationSourceArn = undefined;
    writer.replicationSourceArn = reader.arn;
    for (const cluster of [reader, writer])
      cluster.members = cluster.members.map((member, nth) => ({
        ...member,
        writer: nth === 0 && cluster === reader,
      }));
    stage.log.write(`${reader.id} is written from now on, and ${writer.id} reads`);
  });
};

const clustersOf = ({ core }: Stage) =>
  sourceRegions.flatMap((region) => [...core.world.store(region).clusters.values()]);
