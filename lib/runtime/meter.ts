import { Metrics } from "@aws-lambda-powertools/metrics";
import { type Meter, metricNamespace } from "../core/measure.ts";

/**
 * Figures as log lines in CloudWatch's Embedded Metric Format: no call, no permission, and what was written is
 * counted even if the function dies right after. Every figure has the dimension `service`.
 */
export const emfMeter = (service: string): Meter => {
  const metrics = new Metrics({ namespace: metricNamespace, serviceName: service });
  return ({ name, unit, value, dimensions }) => {
    const one = metrics.singleMetric();
    for (const [key, word] of Object.entries(dimensions)) one.addDimension(key, word);
    one.addMetric(name, unit, value);
  };
};

/** Where nobody counts: on the command line, where the table tells it all. */
export const noMeter: Meter = () => {};
