/**
 * Chooses light or dark before anything is shown: as the reader chose here, else as the system does.
 *
 * @module
 */
import { storedTheme } from './stored-theme.js';

document.documentElement.dataset.theme = storedTheme();
