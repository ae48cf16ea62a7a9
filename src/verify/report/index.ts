/**
 * What the suite says, to read: one page of HTML, Markdown, JSON.
 *
 * @module
 */
export { checkReportFiles, ReportFileError, reportJson, writeReportFiles } from './files.js';
export { reportMarkdown } from './markdown.js';
export { reportHtml } from './report-page.js';
