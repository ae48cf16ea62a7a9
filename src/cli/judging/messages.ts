/**
 * The messages between the command line and its judging processes.
 *
 * @module
 */
import type { LostProcess, PropertyReport } from '../../../properties/index.js';
import type { BackendHead, SessionJudgement } from '../../verify/session.js';

/** What to judge, and how. */
export interface JudgingTarget {
  /** A backend by name, or its file. */
  readonly backend: string;
  readonly engine?: string | undefined;
  /** How long a call of the backend may take, in seconds. */
  readonly timeout: number;
}

/** To the process: each is answered by one reply. */
export type JudgingRequest =
  | {
      readonly kind: 'open';
      readonly target: JudgingTarget;
      /** The file in which the process records what it is doing. */
      readonly record: string;
      /** Calls that are not made again, with the reason. */
      readonly unanswered: ReadonlyMap<string, string>;
      /** Names the cases to keep for the backends that are opened next; undefined if none need be kept. */
      readonly keep: string | undefined;
    }
  | { readonly kind: 'judge'; readonly id: string; readonly how: SessionJudgement }
  | {
      readonly kind: 'judge-lost';
      readonly id: string;
      readonly how: SessionJudgement;
      readonly lost: LostProcess;
    }
  | { readonly kind: 'close' };

/** From the process. */
export type JudgingReply =
  | {
      readonly kind: 'opened';
      readonly backend: BackendHead;
      readonly versions: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'judged';
      readonly report: PropertyReport;
      /** Calls that are not made again, with the reason. */
      readonly hung: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'closed'; readonly problem: string | undefined }
  /** The request threw; `isExpected` tells refused input from a mistake of this package. */
  | {
      readonly kind: 'refused';
      readonly name: string;
      readonly message: string;
      readonly isExpected: boolean;
    }
  /** Something failed outside of any call; the process ends. */
  | { readonly kind: 'stray'; readonly what: string };
