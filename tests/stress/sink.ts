import type { ApiClient } from '../support/client.ts';
import type { Server } from '../support/server.ts';

/** A fact as the server's event log holds it, the truth that everything which leaves is held against. */
export interface Fact {
  id: string;
  type: string;
  data: string;
}

export interface SinkVerdict {
  name: string;
  /** Facts that should have arrived, and those that did. */
  expected: number;
  arrived: number;
  /** Requests or mails beyond the first of a fact, which at-least-once allows. */
  duplicates: number;
  /** What must not be: facts that never came, things that were never facts, bad signatures, other contents under the same id. */
  problems: string[];
  /** More figures, one a line. */
  figures: string[];
}

/** A receiver that misbehaves by chance, at one of the ways out of the house. */
export interface Sink {
  name: string;
  /** Sections of smspin.toml that point the server to it. */
  config: string;
  /** Has the customer's events sent to it. */
  subscribe(customer: ApiClient, server: Server): Promise<void>;
  /** From now on it fails no more: what is still to come shall come soon. */
  heal(): void;
  /** Holds what arrived against what the server knows. */
  check(facts: readonly Fact[]): SinkVerdict;
  stop(): Promise<void>;
}
