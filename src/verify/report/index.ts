/**
 * Reports of the suite as HTML, Markdown and JSON.
 *
 * @module
 */
export { reportBadge } from './badge-svg.js';
export { checkReportFiles, ReportFileError, reportJson, writeReportFiles } from './files.js';
export { reportMarkdown } from './markdown.js';
export { reportHtml } from './report-html.js';
