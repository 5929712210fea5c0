import { Counter, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';

/** What a metric is called and what it tells. Names end in their unit, those of counters in `_total`. */
export interface Naming {
  name: string;
  help: string;
  /** Each takes few values, known beforehand: never a customer, a number, a text or anything else that the outside chooses. */
  labels?: readonly string[];
}

export type Labels = Record<string, string>;
export type Sample = readonly [labels: Labels, value: number];

/** From half a millisecond, which is what the house itself needs for most things, to what nobody waits for any more. */
export const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** All metrics of one house. What is counted as it happens is kept here; what the house knows anyway is read when somebody asks. */
export class Meters {
  readonly #registry = new Registry<OpenMetricsContentType>();
  readonly #unread: Counter<'metric'>;
  readonly #failed: (name: string, thrown: unknown) => void;

  /** `failed` is told of what could not be read; the other metrics are answered all the same. */
  constructor(failed: (name: string, thrown: unknown) => void = () => {}) {
    this.#failed = failed;
    this.#registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    this.#unread = this.counter({
      name: 'smspin_metric_read_failures_total',
      help: 'Times a metric could not be read and was left out of the answer.',
      labels: ['metric'],
    });
  }

  counter({ name, help, labels = [] }: Naming): Counter<string> {
    return new Counter({ name, help, labelNames: [...labels], registers: [this.#registry] });
  }

  histogram({ name, help, labels = [], buckets = SECONDS }: Naming & { buckets?: number[] }): Histogram<string> {
    return new Histogram({ name, help, labelNames: [...labels], buckets, registers: [this.#registry] });
  }

  /** A value that goes up and down, read at each scrape. */
  gauge(naming: Naming, read: () => Iterable<Sample>): void {
    const { name, help, labels = [] } = naming;
    const gauge: Gauge<string> = new Gauge({
      ...{ name, help, labelNames: [...labels], registers: [this.#registry] },
      collect: () => {
        gauge.reset();
        const samples = this.#read(name, read);
        // Without labels the library would say 0.
        if (samples === null) gauge.remove();
        for (const [of, value] of samples ?? []) gauge.set(of, value);
      },
    });
  }

  /** A count that the house keeps itself since its start, read at each scrape. */
  total(naming: Naming, read: () => Iterable<Sample>): void {
    const { name, help, labels = [] } = naming;
    const counter: Counter<string> = new Counter({
      ...{ name, help, labelNames: [...labels], registers: [this.#registry] },
      collect: () => {
        counter.reset();
        const samples = this.#read(name, read);
        if (samples === null) counter.remove();
        for (const [of, value] of samples ?? []) counter.inc(of, value);
      },
    });
  }

  /** Takes over metrics of these names that the library itself keeps. */
  adopt(from: Registry, names: readonly string[]): void {
    for (const name of names) {
      const metric = from.getSingleMetric(name);
      if (metric !== undefined) this.#registry.registerMetric(metric);
    }
  }

  /** Names (of counters with `_total`), kinds and labels of all there is. */
  list(): { name: string; kind: string; labels: readonly string[] }[] {
    return this.#registry.getMetricsAsArray().map((metric) => {
      const { name, type, labelNames } = metric as unknown as { name: string; type: string; labelNames?: string[] };
      // The library takes the suffix off when it writes OpenMetrics.
      return { name: type === 'counter' ? `${name.replace(/_total$/, '')}_total` : name, kind: type, labels: labelNames ?? [] };
    });
  }

  /** The answer to a scrape, as OpenMetrics 1.0 text. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #read(name: string, read: () => Iterable<Sample>): readonly Sample[] | null {
    try {
      return [...read()];
    } catch (thrown) {
      this.#unread.inc({ metric: name });
      this.#failed(name, thrown);
      return null;
    }
  }
}
