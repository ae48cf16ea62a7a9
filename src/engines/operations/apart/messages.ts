/**
 * Messages of the process in which the operations of an engine are judged.
 *
 * @module
 */
import type { ClaimReport } from '../index.js';

/** From the process: a claim begins or has been judged, all of them have been, or the engine is not available. */
export type JudgeMessage =
  | { readonly kind: 'start'; readonly claim: string }
  | { readonly kind: 'report'; readonly report: ClaimReport }
  | { readonly kind: 'done'; readonly adapter: string | null }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'error'; readonly message: string };
