/**
 * What must be known before anything is shown, so that nothing moves or changes colour afterwards: light or dark, as
 * the reader chose here, else as the system does; and that there are scripts, without which no button does anything.
 *
 * @module
 */
import { storedTheme } from './stored-theme.js';

document.documentElement.dataset.theme = storedTheme();
document.documentElement.classList.add('has-script');
