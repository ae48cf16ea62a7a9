/**
 * Certificates of what was judged, and their check.
 *
 * @module
 */
export {
  type Certificate,
  type CertifiedBackend,
  type CertifiedChoices,
  type CertifiedCoverage,
  type CertifiedProperty,
  type CertifiedSource,
  makeCertificate,
} from './certificate.js';
export { type CertificateEntry, compareCertificates } from './compare-certificates.js';
export type { Digest, FileDigest } from './digest.js';
export type { JudgeDigests } from './judge-digests.js';
export { CertificateError, readCertificate } from './read-certificate.js';
export { sourceOf } from './source.js';
