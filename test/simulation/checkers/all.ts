import { announced } from "./announced.ts";
import { backPressure } from "./back-pressure.ts";
import { budget } from "./budget.ts";
import type { MakeChecker } from "./checker.ts";
import { copiedFrom } from "./copied-from.ts";
import { coverage } from "./coverage.ts";
import { figures } from "./figures.ts";
import { floor } from "./floor.ts";
import { honesty } from "./honesty.ts";
import { keepRules } from "./keep-rules.ts";
import { leftAlone } from "./left-alone.ts";
import { liveness } from "./liveness.ts";
import { managed } from "./managed.ts";
import { noDoubles } from "./no-doubles.ts";
import { ownVerdict } from "./own-verdict.ts";
import { places } from "./places.ts";
import { promises } from "./promises.ts";
import { reasons } from "./reasons.ts";
import { stamps } from "./stamps.ts";
import { turns } from "./turns.ts";
import { untouchable } from "./untouchable.ts";
import { verdictFirst } from "./verdict-first.ts";

/** Every invariant by the name that a failure prints. */
export const checkers: Readonly<Record<string, MakeChecker>> = {
  untouchable,
  "copied-from": copiedFrom,
  floor,
  "keep-rules": keepRules,
  "verdict-first": verdictFirst,
  "own-verdict": ownVerdict,
  "left-alone": leftAlone,
  promises,
  stamps,
  managed,
  "back-pressure": backPressure,
  places,
  turns,
  budget,
  "no-doubles": noDoubles,
  honesty,
  reasons,
  coverage,
  figures,
  announced,
  liveness,
};
