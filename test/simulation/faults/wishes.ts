import type { Tonight } from "../tonight.ts";
import { readable, unreadable } from "../wishes.ts";
import { type Place, withCluster } from "./account.ts";

/** Somebody sets, changes, breaks or takes off tags by which clusters depart from their plans. */
export const clusterOverridden = (tonight: Tonight): void => {
  const own = { ...tonight, dice: tonight.dice.fork("wishes") };
  for (let left = own.dice.between(1, 4); left > 0; left -= 1)
    withCluster(own, [-60, 180], (place) => override(own, place));
};

const override = ({ stage, dice }: Tonight, { store, kept, id }: Place): void => {
  const cluster = store[kept].get(id);
  if (cluster === undefined) return;
  const worn = [...cluster.tags.keys()].filter((key) => key in readable);
  const key = worn.length > 0 && dice.chance(0.5) ? dice.one(worn) : dice.one(Object.keys(readable));
  const words = dice.one([readable[key], unreadable[key], unreadable[key], undefined]);
  const value = words && dice.one(words);
  const others = [...cluster.tags].filter(([name]) => name !== key);
  cluster.tags = new Map(value === undefined ? others : [...others, [key, value]]);
  stage.log.write(`somebody gives ${id} ${key} ${value ?? "no more"}`);
};
